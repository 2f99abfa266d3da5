"""The one schema: its parts, its roots, and the contract that the engine reads from it."""

from datetime import datetime
from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from api.engine.contract import Contract
from api.engine.declare import CURSOR, NODE_TABLES, Cursor
from api.engine.extend import join
from api.engine.verbs import mutations
from api.schema import (
    answer_templates,
    appeals,
    apps,
    audit,
    boards,
    catalogue,
    comments,
    consents,
    content,
    departments,
    duty,
    inspections,
    joining,
    members,
    moderation,
    officers,
    offices,
    overdue_cases,
    personal,
    petition_authors,
    petition_desks,
    petition_lists,
    places,
    population,
    posts,
    rates,
    supervision,
)
from api.schema.comments import Comment
from api.schema.common import USER_ERRORS, Payload
from api.schema.content import DeletePayload
from api.schema.query import Query
from api.schema.scalars import DATE_TIME, MONTH, Month

# The files that add fields to the types of others, in the order in which their fields are printed.
PARTS = (
    places,
    departments,
    officers,
    offices,
    members,
    consents,
    appeals,
    apps,
    inspections,
    audit,
    boards,
    posts,
    comments,
    content,
    duty,
    catalogue,
    petition_lists,
    answer_templates,
    population,
    rates,
    overdue_cases,
    supervision,
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

    create_board: boards.BoardPayload | None = boards.create_board
    update_board: boards.BoardPayload | None = boards.update_board
    archive_board: boards.BoardPayload | None = boards.archive_board
    reopen_board: boards.BoardPayload | None = boards.reopen_board
    reorder_boards: boards.BoardPayload | None = boards.reorder_boards

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
    join(PARTS)
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
