"""The one schema: its roots, and the contract that the engine reads from it."""

from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from api.engine import bindings as b
from api.engine.contract import Contract
from api.engine.declare import CURSOR, NODE_TABLES, Cursor, bound, given, one, page
from api.engine.searching import searched
from api.engine.verbs import mutations
from api.schema import (
    appeals,
    apps,
    catalogue,
    comments,
    departments,
    duty,
    joining,
    members,
    moderation,
    officers,
    offices,
    personal,
    petition_authors,
    petition_desks,
    petitions,
    places,
    posts,
    rates,
    supervision,
)
from api.schema import boards as board_fields
from api.schema.audit import AuditEntry
from api.schema.boards import Board
from api.schema.comments import Comment
from api.schema.common import USER_ERRORS, Connection, Node, Payload
from api.schema.content import DeletePayload, ModerationCase
from api.schema.posts import Post
from api.schema.scalars import DATE_TIME, MONTH, Month
from api.schema.viewer import ApiInfo, RateLimit, Viewer, by_id, by_ids
from tenants.apps.tables import apps as app_rows
from tenants.audit.tables import audit_entries
from tenants.boards.tables import CaseState, boards, cases, post_terms
from tenants.boards.tables import posts as post_rows
from tenants.boards.views import finding
from tenants.columns import DISTRICT, TENANT, VIEWER
from tenants.inspections.tables import inspections as inspection_rows
from tenants.membership.service.consents import texts
from tenants.membership.tables import MemberState, join_codes
from tenants.membership.tables import members as member_rows
from tenants.membership.tables import officers as officer_rows
from tenants.petitions.tables import petitions as petition_rows
from tenants.places.tables import communities, districts
from tenants.scopes import Scope
from tenants.viewer import Principal


def _search(
    query: Annotated[
        str,
        strawberry.argument(
            description="要找的词，以空格分隔，中文至少两字。Words; Chinese ones of two characters or more."
        ),
    ],
    first: places.First = 20,  # the same argument everywhere
    after: places.After = None,
) -> Any: ...


def _queue(
    first: places.First = 20,
    after: places.After = None,
    state: Annotated[CaseState, strawberry.argument(description="进展。How far they are.")] = (
        CaseState.OPEN
    ),
) -> Any: ...


def _applications(
    first: places.First = 20,
    after: places.After = None,
    state: Annotated[
        MemberState, strawberry.argument(description="走到哪一步。How far they are.")
    ] = MemberState.UNDER_REVIEW,
) -> Any: ...


@strawberry.type(description="读取。每个根字段都可能为空。Reads; every root field may be null.")
class Query:
    """Read by the compiler: one operation, one statement."""

    api_info: ApiInfo | None = given(
        "接口信息。About this API.", lambda _: {"version": version("linli")}
    )
    rate_limit: RateLimit | None = given(
        "您的余额，所有令牌共用。What you may still spend, by all tokens of yours.",
        lambda env: env.budget,
    )
    viewer: Viewer | None = bound(
        "您自己；尚未申请的访客为空。You; null for a guest who has not applied.",
        b.OneByPrincipal(
            {
                Principal.COMMUNITY: b.One(member_rows, {"id": VIEWER}),
                Principal.GUEST: b.One(member_rows, {"id": VIEWER}),
                Principal.DISTRICT: b.One(officer_rows, {"id": VIEWER}),
                Principal.DEPARTMENT: b.One(officer_rows, {"id": VIEWER}),
                Principal.APP: b.One(app_rows, {"id": VIEWER}),
                Principal.INSPECTOR: b.One(inspection_rows, {"id": VIEWER}),
            }
        ),
    )
    community: places.Community | None = one(
        "令牌所在的社区；区级令牌为空。The token's community; null for a district token.",
        communities,
        {"community_id": TENANT},
    )
    district: places.District | None = one(
        "您管辖的区或街镇。The district or street under you.",
        districts,
        {"district_id": DISTRICT},
    )
    board: Board | None = one(
        "按标识取版块。A board of the token's community by its slug.",
        boards,
        {"slug": b.text_argument("slug")},
        resolver=places.by_slug,
    )
    post: Post | None = one(
        "按标识取帖子。A post by its id; unknown, foreign and hidden are all null.",
        post_rows,
        {"id": b.id_argument("id", post_rows)},
        resolver=by_id,
    )
    search: Connection[Post] | None = page(
        "在本社区帖子中查找，新的在前。Find posts of this community that hold every word.",
        b.Page(
            table=post_rows,
            on={},
            order=(post_rows.c.id,),
            index="post_term_pkey",
            where=finding.is_found,
            **searched(finding, post_terms, post_terms.c.post_id),
        ),
        resolver=_search,
    )
    moderation_queue: Connection[ModerationCase] | None = page(
        "待处理的审核，先到的在前。Cases that wait for the staff, oldest first.",
        b.Page(
            table=cases,
            on={"state": b.text_argument("state")},
            order=(cases.c.id,),
            index="moderation_case_by_state",
            descending=False,
        ),
        requires=Scope.CONTENT_MODERATE,
        resolver=_queue,
    )
    applications: Connection[members.Member] | None = page(
        "入驻申请，先到的在前。Applications for membership, oldest first.",
        b.Page(
            table=member_rows,
            on={"state": b.text_argument("state")},
            order=(member_rows.c.id,),
            index="member_by_state",
            descending=False,
        ),
        requires=Scope.MEMBER_REVIEW,
        resolver=_applications,
    )
    join_code: members.JoinCode | None = one(
        "本社区的加入码，限居委和书记。The community's join code, for the staff.",
        join_codes,
        {"community_id": TENANT},
    )
    audit_log: Connection[AuditEntry] | None = page(
        "本社区的审计，新的在前。What was done in this community, newest first.",
        b.Page(
            table=audit_entries,
            on={},
            order=(audit_entries.c.seq,),
            index="audit_entry_community_id_seq_key",
        ),
        requires=Scope.AUDIT_READ,
    )
    consent_texts: list[personal.ConsentText] | None = given(
        "同意书现行文本。The texts that are agreed to now.",
        lambda _: [
            {"purpose": each.purpose, "version": each.version, "text": each.text}
            for each in texts().values()
        ],
    )
    petition: petitions.Petition | None = one(
        "按标识取诉求。A petition by its id; unknown, foreign and not yours to read are all null.",
        petition_rows,
        {"id": b.id_argument("id", petition_rows)},
        resolver=by_id,
    )
    inbox: Connection[petitions.Petition] | None = petitions.inbox()
    search_petitions: Connection[petitions.Petition] | None = petitions.search()
    petition_events: Connection[petitions.PetitionEvent] | None = petitions.feed()
    answer_templates: Connection[petitions.AnswerTemplate] | None = petitions.templates()
    rate_definitions: list[rates.PetitionRateDefinition] | None = rates.definitions()
    node: Node | None = bound(
        "按标识取任何对象；没有、不属本社区、看不到，都为空。\n"
        "Any object by its id; unknown, foreign and hidden are all null.",
        b.NodeById(),
        resolver=by_id,
    )
    nodes: list[Node | None] = bound(
        "按标识取多个对象，次序与输入相同。Objects by their ids, in the order given.",
        b.NodesByIds(),
        resolver=by_ids,
    )


class _Mutation:
    create_community: places.CommunityPayload | None = places.create_community
    rename_community: places.CommunityPayload | None = places.rename_community
    suspend_community: places.CommunityPayload | None = places.suspend_community
    resume_community: places.CommunityPayload | None = places.resume_community

    create_department: departments.DepartmentPayload | None = departments.create_department
    change_department: departments.DepartmentPayload | None = departments.change_department
    close_department: departments.DepartmentPayload | None = departments.close_department

    invite_officer: officers.InvitationPayload | None = officers.invite_officer
    confirm_invitation: officers.InvitationPayload | None = officers.confirm_invitation
    decline_invitation: officers.InvitationPayload | None = officers.decline_invitation
    dismiss_officer: officers.OfficerPayload | None = officers.dismiss_officer

    propose_appointment: offices.AppointmentPayload | None = offices.propose_appointment
    confirm_appointment: offices.AppointmentPayload | None = offices.confirm_appointment
    decline_appointment: offices.AppointmentPayload | None = offices.decline_appointment

    grant_role: members.MemberPayload | None = members.grant_role
    revoke_role: members.MemberPayload | None = members.revoke_role

    apply_for_membership: members.MemberPayload | None = joining.apply_for_membership
    verify_phone: members.MemberPayload | None = joining.verify_phone
    submit_for_review: members.MemberPayload | None = joining.submit_for_review
    confirm_identity: members.MemberPayload | None = joining.confirm_identity
    approve_member: members.MemberPayload | None = joining.approve_member
    return_member: members.MemberPayload | None = joining.return_member
    reissue_join_code: members.JoinCodePayload | None = joining.reissue_join_code
    suspend_member: members.MemberPayload | None = personal.suspend_member
    reinstate_member: members.MemberPayload | None = personal.reinstate_member
    leave_community: personal.FarewellPayload | None = personal.leave_community

    appeal_suspension: appeals.StreetAppealPayload | None = appeals.appeal_suspension
    take_appeal_to_street: appeals.StreetAppealPayload | None = appeals.take_appeal_to_street
    decide_street_appeal: appeals.StreetAppealPayload | None = appeals.decide_street_appeal

    register_app: apps.AppSecretPayload | None = apps.register_app
    rotate_app_secret: apps.AppSecretPayload | None = apps.rotate_app_secret
    suspend_app: apps.AppPayload | None = apps.suspend_app
    resume_app: apps.AppPayload | None = apps.resume_app

    change_display_name: members.MemberPayload | None = personal.change_display_name
    give_consent: members.MemberPayload | None = personal.give_consent
    withdraw_consent: members.MemberPayload | None = personal.withdraw_consent
    reveal_contact: personal.ContactPayload | None = personal.reveal_contact
    export_my_data: personal.ExportPayload | None = personal.export_my_data
    erase_me: personal.FarewellPayload | None = personal.erase_me

    create_board: board_fields.BoardPayload | None = board_fields.create_board
    update_board: board_fields.BoardPayload | None = board_fields.update_board
    archive_board: board_fields.BoardPayload | None = board_fields.archive_board
    reopen_board: board_fields.BoardPayload | None = board_fields.reopen_board
    reorder_boards: board_fields.BoardPayload | None = board_fields.reorder_boards

    create_post: posts.PostPayload | None = posts.create_post
    edit_post: posts.PostPayload | None = posts.edit_post
    delete_post: DeletePayload | None = posts.delete_post
    pin_post: posts.PostPayload | None = posts.pin_post
    unpin_post: posts.PostPayload | None = posts.unpin_post
    mark_read: posts.MarkReadPayload | None = posts.mark_read
    add_comment: comments.CommentPayload | None = comments.add_comment
    edit_comment: comments.CommentPayload | None = comments.edit_comment
    delete_comment: DeletePayload | None = comments.delete_comment

    react: moderation.ContentPayload | None = moderation.react
    unreact: moderation.ContentPayload | None = moderation.unreact
    report_content: moderation.ContentPayload | None = moderation.report_content
    hide_content: moderation.ContentPayload | None = moderation.hide_content
    restore_content: moderation.ContentPayload | None = moderation.restore_content
    appeal_moderation: moderation.ContentPayload | None = moderation.appeal_moderation
    decide_appeal: moderation.ModerationCasePayload | None = moderation.decide_appeal

    schedule_duty: duty.DutyShiftPayload | None = duty.schedule_duty
    cancel_duty: duty.DutyShiftPayload | None = duty.cancel_duty

    create_petition_category: catalogue.PetitionCategoryPayload | None = (
        catalogue.create_petition_category
    )
    change_petition_category: catalogue.PetitionCategoryPayload | None = (
        catalogue.change_petition_category
    )

    submit_petition: petition_authors.PetitionPayload | None = petition_authors.submit_petition
    resubmit_petition: petition_authors.PetitionPayload | None = petition_authors.resubmit_petition
    withdraw_petition: petition_authors.PetitionPayload | None = petition_authors.withdraw_petition
    record_callback: petition_authors.PetitionPayload | None = petition_authors.record_callback
    reopen_petition: petition_authors.PetitionPayload | None = petition_authors.reopen_petition
    request_petition_review: petition_authors.PetitionPayload | None = (
        petition_authors.request_petition_review
    )
    support_petition: petition_authors.PetitionPayload | None = petition_authors.support_petition
    withdraw_support: petition_authors.PetitionPayload | None = petition_authors.withdraw_support

    accept_petition: petition_authors.PetitionPayload | None = petition_desks.accept_petition
    request_petition_information: petition_authors.PetitionPayload | None = (
        petition_desks.request_petition_information
    )
    refuse_petition: petition_authors.PetitionPayload | None = petition_desks.refuse_petition
    merge_petition: petition_authors.PetitionPayload | None = petition_desks.merge_petition
    assign_petition: petition_authors.PetitionPayload | None = petition_desks.assign_petition
    dispute_assignment: petition_authors.PetitionPayload | None = petition_desks.dispute_assignment
    start_petition: petition_authors.PetitionPayload | None = petition_desks.start_petition
    extend_petition: petition_authors.PetitionPayload | None = petition_desks.extend_petition
    escalate_petition: petition_authors.PetitionPayload | None = petition_desks.escalate_petition
    answer_petition: petition_authors.PetitionPayload | None = petition_desks.answer_petition
    answer_petitions: petition_desks.AnswerPetitionsPayload | None = petition_desks.answer_petitions
    add_petition_note: petition_authors.PetitionPayload | None = petition_desks.add_petition_note
    decide_petition_review: petition_authors.PetitionPayload | None = (
        petition_desks.decide_petition_review
    )
    create_answer_template: petition_desks.AnswerTemplatePayload | None = (
        petition_desks.create_answer_template
    )
    delete_answer_template: petition_desks.AnswerTemplatePayload | None = (
        petition_desks.delete_answer_template
    )
    record_population: places.CommunityPayload | None = petition_desks.record_population
    import_petitions: petition_desks.ImportPetitionsPayload | None = petition_desks.import_petitions


_VERBS = mutations((supervision,), Payload)
_OLD = vars(_Mutation)["__annotations__"]
Mutation = strawberry.type(
    type(
        "Mutation",
        (),
        {
            "__annotations__": {**_OLD, **{name: type_ for name, (type_, _) in _VERBS.items()}},
            **{name: vars(_Mutation)[name] for name in _OLD},
            **{name: field for name, (_, field) in _VERBS.items()},
        },
    ),
    description=(
        "修改。每个根字段是一个独立的事务，依次进行；都可能为空。Errors 列出 userErrors 可能的代码；"
        "社区停用时，各项修改都答 WRONG_STATE。\n"
        "Changes; each root field is a transaction of its own, run in order; each may be null. "
        "`Errors` lists the codes that its userErrors may have; in a suspended community any of "
        "them answers WRONG_STATE."
    ),
)


@cache
def contract() -> Contract:
    """Build the schema once; everyone shares it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[Comment, *USER_ERRORS],
        config=StrawberryConfig(scalar_map={Cursor: CURSOR, Month: MONTH, datetime: DATE_TIME}),
    )
    return Contract.of(schema, NODE_TABLES)


def sdl() -> str:
    """Print the published contract."""
    return contract().strawberry.as_str() + "\n"
