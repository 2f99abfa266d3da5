"""Which acts people do as residents, whatever office they hold besides."""

from tenants.audit.actions import AuditAction

# It is shown to nobody else who did it, for among it is who reported a neighbour and what somebody read.
AS_RESIDENT = frozenset(
    {
        AuditAction.MEMBER_APPLIED,
        AuditAction.MEMBER_SUBMITTED,
        AuditAction.MEMBER_RENAMED,
        AuditAction.MEMBER_LEFT,
        AuditAction.MEMBER_ERASED,
        AuditAction.CONSENT_GIVEN,
        AuditAction.CONSENT_WITHDRAWN,
        AuditAction.DATA_EXPORTED,
        AuditAction.SUSPENSION_APPEALED,
        AuditAction.POST_CREATED,
        AuditAction.POST_EDITED,
        AuditAction.POST_DELETED,
        AuditAction.POST_READ,
        AuditAction.NOTICE_ACKNOWLEDGED,
        AuditAction.AFFAIR_QUESTION_ASKED,
        AuditAction.AFFAIR_COMPLAINT_FILED,
        AuditAction.COMMENT_ADDED,
        AuditAction.COMMENT_EDITED,
        AuditAction.COMMENT_DELETED,
        AuditAction.REACTION_ADDED,
        AuditAction.REACTION_REMOVED,
        AuditAction.CONTENT_REPORTED,
        AuditAction.CONTENT_APPEALED,
        AuditAction.APPEAL_ESCALATED,
        AuditAction.PETITION_SUBMITTED,
        AuditAction.PETITION_RESUBMITTED,
        AuditAction.PETITION_WITHDRAWN,
        AuditAction.PETITION_RATED,
        AuditAction.PETITION_CLOSED,
        AuditAction.PETITION_REOPENED,
        AuditAction.PETITION_REVIEW_REQUESTED,
        AuditAction.VOTE_STARTED,
        AuditAction.OBJECTION_CREATED,
        AuditAction.HOUSEHOLD_NAMED,
        AuditAction.HOUSEHOLD_CLAIM_WITHDRAWN,
        AuditAction.PETITION_GOAL_REACHED,
    }
)
