"""These are the mutations of consultations."""

from datetime import datetime
from uuid import UUID

from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.consultations import Consultation
from api.schema.topic_verbs import OnTopic
from tenants.membership.tables import members
from tenants.topics import policy, procedure
from tenants.topics.consultations import (
    AGREEMENT_LENGTH,
    LOCATION_LENGTH,
    MOST_AGREEMENTS,
    MOST_INVITED,
    NAME_LENGTH,
    consultation_parties,
    consultations,
)
from tenants.topics.service import consulting
from tenants.topics.words import ConsultationForm, FollowUp

_CONSULTATION = {"consultation": link(Consultation, consultations)}


@verb(procedure.SCHEDULE, _CONSULTATION, consulting.schedule)
class ScheduleConsultation(OnTopic, Keyed):
    """征询之后安排协商，邀请居民和利益相关方。
    Schedule a consultation once residents were asked, and invite those concerned.
    """

    form: ConsultationForm = field("填写形式。Give the form.")
    location: str = text("地点", "the place where it is held", LOCATION_LENGTH)
    held_at: datetime = field("填写时间，在征询截止之后。Give a time after residents were asked.")
    invited_ids: list[UUID] = ref(
        members,
        f"填写受邀的成员，与其他各方合计至多 {MOST_INVITED}。\n"
        f"Give the ids of the members who are invited, {MOST_INVITED} with the others.",
        list,
    )
    invited_names: list[str] = field(
        f"填写受邀的其他各方，各 1–{NAME_LENGTH} 字。\n"
        f"Give the names of others who are invited, in 1 to {NAME_LENGTH} characters each.",
        list,
    )


class _OnConsultation:
    consultation_id: UUID = ref(consultations)


@verb(policy.JOIN_CONSULTATION, _CONSULTATION, consulting.join)
class JoinConsultation(_OnConsultation):
    """报名列席协商；监督委员有权列席（城市居民委员会组织法第36条）。
    Say that you come to a consultation; a supervisor has a right to sit in.
    """


@verb(procedure.RECORD, _CONSULTATION, consulting.record)
class RecordConsultation(_OnConsultation):
    """公布协商的记录：谁到会，哪些一致，怎样落实（城市居民委员会组织法第32条）。
    Publish the minutes of a consultation: who came, what was agreed, and what follows from it.
    """

    minutes: str = text("会议记录", "the minutes")
    agreements: list[str] = field(
        f"填写达成一致的各条，至多 {MOST_AGREEMENTS} 条，各 1–{AGREEMENT_LENGTH} 字。\n"
        f"List what was agreed, {MOST_AGREEMENTS} at most, in 1 to {AGREEMENT_LENGTH} characters each.",
        list,
    )
    follow_up: FollowUp = field("填写怎样落实。Say what follows from it.")
    attended_ids: list[UUID] = ref(
        consultation_parties, "填写到会的各方。Give the ids of the parties that came.", list
    )


@verb(procedure.CANCEL, _CONSULTATION)
class CancelConsultation(_OnConsultation):
    """取消尚未召开的协商，须说明理由。Cancel a consultation, for a reason."""

    reason: str = text("理由，成员可见", "the reason, which members read")
