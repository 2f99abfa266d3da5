"""The audit knows these acts, `noun.verbed`, each with what it means."""

from tenants.words import Words


class AuditAction(Words):
    """审计记下这些事。The audit records these acts."""

    COMMUNITY_CREATED = ("community.created", "成立社区", "A community was founded")
    COMMUNITY_RENAMED = ("community.renamed", "社区改名", "A community was renamed")
    COMMUNITY_KIND_UPDATED = (
        "community.kind_updated",
        "社区改换种类",
        "A community is of another kind now",
    )
    COMMUNITY_SUSPENDED = ("community.suspended", "停用社区", "A community was suspended")
    COMMUNITY_RESUMED = ("community.resumed", "恢复社区", "A community is at work again")
    COMMUNITY_INSPECTED = (
        "community.inspected",
        "进社区查看",
        "An officer looked into the community",
    )
    MEMBER_APPLIED = ("member.applied", "申请入会", "Somebody applied")
    MEMBER_IDENTIFIED = ("member.identified", "核实实名", "A real name was checked")
    MEMBER_SUBMITTED = ("member.submitted", "提交审核", "An application was submitted")
    MEMBER_APPROVED = ("member.approved", "通过审核", "A member was let in")
    MEMBER_RETURNED = ("member.returned", "退回申请", "An application was returned")
    MEMBER_RENAMED = ("member.renamed", "改称呼", "A member goes by another name")
    MEMBER_SUSPENDED = ("member.suspended", "暂停成员资格", "A member was suspended")
    MEMBER_RESUMED = ("member.resumed", "恢复成员资格", "A member was resumed")
    MEMBER_LEFT = ("member.left", "离开社区", "A member left")
    MEMBER_ERASED = ("member.erased", "成员注销", "A member was erased")
    CONSENT_GIVEN = ("consent.given", "同意", "Somebody gave consent")
    CONSENT_WITHDRAWN = ("consent.withdrawn", "撤回同意", "Somebody withdrew consent")
    CONTACT_REVEALED = ("contact.revealed", "查看联系方式", "A member's contact was read")
    DATA_EXPORTED = ("data.exported", "导出个人数据", "Somebody exported their data")
    ROLE_GRANTED = ("role.granted", "授予职务", "An office was given")
    ROLE_REVOKED = ("role.revoked", "收回职务", "An office was taken back")
    ROLE_LAPSED = ("role.lapsed", "职务届满", "A term ran out")
    JOIN_CODE_REISSUED = ("join_code.reissued", "更换入会码", "The join code was replaced")
    APPOINTMENT_PROPOSED = (
        "appointment.proposed",
        "提议任免书记",
        "A secretary's appointment or removal was proposed",
    )
    APPOINTMENT_CONFIRMED = (
        "appointment.confirmed",
        "确认任免书记",
        "A secretary's appointment or removal was confirmed",
    )
    APPOINTMENT_DECLINED = (
        "appointment.declined",
        "否决任免书记",
        "A secretary's appointment or removal was declined",
    )
    SUSPENSION_APPEALED = ("suspension.appealed", "对暂停提出申诉", "A suspended member appealed")
    SUSPENSION_UPHELD = ("suspension.upheld", "维持暂停", "A suspension was upheld")
    BOARD_CREATED = ("board.created", "新建版块", "A board was created")
    BOARD_UPDATED = ("board.updated", "修改版块", "A board was changed")
    BOARD_REORDERED = ("board.reordered", "调整版块次序", "Boards were put in another order")
    BOARD_ARCHIVED = ("board.archived", "归档版块", "A board was archived")
    BOARD_REOPENED = ("board.reopened", "重开版块", "A board was opened again")
    POST_CREATED = ("post.created", "发帖", "A post was written")
    POST_EDITED = ("post.edited", "改帖", "A post was edited")
    POST_DELETED = ("post.deleted", "删帖", "A post was deleted")
    POST_PINNED = ("post.pinned", "置顶", "A post was pinned")
    POST_UNPINNED = ("post.unpinned", "取消置顶", "A post was unpinned")
    POST_READ = ("post.read", "标记已读", "A post was marked as read")
    COMMENT_ADDED = ("comment.added", "评论", "A comment was written")
    COMMENT_EDITED = ("comment.edited", "改评论", "A comment was edited")
    COMMENT_DELETED = ("comment.deleted", "删评论", "A comment was deleted")
    REACTION_ADDED = ("reaction.added", "表态", "A reaction was given")
    REACTION_REMOVED = ("reaction.removed", "取消表态", "A reaction was taken back")
    CONTENT_REPORTED = ("content.reported", "举报", "Something was reported")
    CONTENT_HIDDEN = ("content.hidden", "隐藏", "Something was hidden")
    CONTENT_RESTORED = ("content.restored", "恢复显示", "Something was shown again")
    CONTENT_APPEALED = ("content.appealed", "对隐藏提出申诉", "An author appealed")
    APPEAL_DECIDED = ("appeal.decided", "裁定申诉", "An appeal was decided")
    APPEAL_ESCALATED = ("appeal.escalated", "将申诉提交街镇", "An appeal went on to the street")
    VOTE_STARTED = ("vote.started", "发起意见征询", "A poll was started")
    VOTE_ALARMED = ("vote.alarmed", "监票人未到位", "Scrutineers of a vote are missing")
    VOTE_OPENED = ("vote.opened", "投票开始", "A vote opened")
    VOTE_CLOSED = ("vote.closed", "投票截止", "A vote closed")
    VOTE_LAPSED = ("vote.lapsed", "投票未能举行", "A secret vote did not take place")
    VOTE_VOIDED = ("vote.voided", "投票作废", "A vote was voided")
    VOTE_MATTER_ADDED = ("vote.matter_added", "列入会议议题", "A matter was put on an agenda")
    VOTE_NOTICED = ("vote.noticed", "公告表决事项", "A matter was announced")
    VOTE_COUNTED = ("vote.counted", "监票人开票完毕", "Scrutineers opened a vote's ballots")
    VOTE_SCRUTINEER_APPOINTED = (
        "vote.scrutineer_appointed",
        "指定监票人",
        "A scrutineer of a vote was appointed",
    )
    VOTE_KEYS_SHOWN = (
        "vote.keys_shown",
        "监票人出示密钥",
        "A scrutineer showed the keys of a vote",
    )
    VOTE_STATED = ("vote.stated", "作出签名声明", "A signed statement was made of a vote")
    VOTE_TALLIED = ("vote.tallied", "计票", "A decision was counted")
    VOTE_PUBLISHED = ("vote.published", "确认并公布结果", "A result was certified and published")
    VOTE_CERTIFIED = ("vote.certified", "一个席位确认计票", "A seat certified a count")
    VOTE_FINALISED = ("vote.finalised", "结果生效", "A result became final")
    VOTE_OVERTURNED = ("vote.overturned", "结果被推翻", "A decision was overturned")
    MEETING_DRAFTED = ("meeting.drafted", "筹备会议", "A meeting was drafted")
    MEETING_ROLL_SET = ("meeting.roll_set", "编制名册", "The roll of a meeting was changed")
    MEETING_AUTHORITIES_TOLD = ("meeting.authorities_told", "登记书面告知", "Authorities were told")
    MEETING_NOTICED = ("meeting.noticed", "公告会议", "A meeting was announced")
    MEETING_EXTENDED = ("meeting.extended", "投票延期", "The votes of a meeting were extended")
    VOTE_REMINDED = ("vote.reminded", "提醒尚未投票的人", "Who had not voted was reminded")
    VOTE_EXTENDED = ("vote.extended", "表决事项延期", "The close of a vote was put off")
    MEETING_CANCELLED = ("meeting.cancelled", "取消会议", "A meeting was cancelled")
    MEETING_BALLOTS_SERVED = ("meeting.ballots_served", "登记送达", "Ballots were served")
    MEETING_CASTER_NAMED = ("meeting.caster_named", "登记共有人的投票人", "Co-owners named a voter")
    MEETING_PROXY_REGISTERED = ("meeting.proxy_registered", "登记委托", "A proxy was registered")
    MEETING_PROXY_ENDED = ("meeting.proxy_ended", "收回委托", "A proxy was revoked")
    VOTE_PAPER_ENTERED = ("vote.paper_entered", "录入纸质票", "A paper was entered")
    VOTE_PAPER_CONFIRMED = ("vote.paper_confirmed", "复核纸质票", "A paper was confirmed")
    AREA_CREATED = ("property_area.created", "设立物业区域", "A property area was created")
    AREA_RULES_SET = ("property_area.rules_set", "登记议事规则", "The owners' rules were entered")
    AREA_ELECTION_SET = (
        "property_area.election_set",
        "登记业委会换届",
        "A change of the owners' committee's term was entered",
    )
    AREA_IMPORTED = ("property_area.imported", "导入业主登记", "A register was imported")
    AREA_OWNER_LINKED = ("property_area.owner_linked", "登记业主的成员", "An owner is a member")
    AREA_PART_DELETED = ("property_area.part_deleted", "删除误登的一处", "A part was deleted")
    MEETING_ATTENDED = ("meeting.attended", "登记到会", "Attendance was entered")
    HOUSEHOLD_NAMED = ("household.representative_named", "推定户的代表", "A claim was made")
    HOUSEHOLD_CLAIM_WITHDRAWN = ("household.claim_withdrawn", "收回推定", "A claim was withdrawn")
    HOUSEHOLD_DECIDED = ("household.representative_decided", "裁定户的代表", "A claim was decided")
    OBJECTION_CREATED = ("objection.created", "提出异议", "An objection was raised")
    OBJECTION_DECIDED = ("objection.decided", "裁定异议", "An objection was decided")
    AUTHORISATION_RECORDED = ("authorisation.recorded", "登记授权", "An authorisation was recorded")
    AUTHORISATION_REVOKED = ("authorisation.revoked", "收回授权", "An authorisation was revoked")
    DUTY_SCHEDULED = ("duty.scheduled", "排班", "A duty was scheduled")
    DUTY_CANCELLED = ("duty.cancelled", "取消值班", "A duty was cancelled")
    DUTY_GAP_FOUND = ("duty.gap_found", "发现无人值班", "A time without anybody on duty was found")
    APP_REGISTERED = ("app.registered", "登记应用", "An app was registered")
    APP_SECRET_ROTATED = ("app.secret_rotated", "更换应用密钥", "An app's secret was replaced")
    APP_SUSPENDED = ("app.suspended", "暂停应用", "An app was suspended")
    APP_RESUMED = ("app.resumed", "恢复应用", "An app may be used again")
    TEMPLATE_CREATED = ("template.created", "新建答复模板", "An answer template was created")
    TEMPLATE_DELETED = ("template.deleted", "删除答复模板", "An answer template was deleted")
    POPULATION_RECORDED = ("population.recorded", "登记人口", "A population was recorded")
    SUPERVISION_ISSUED = ("supervision.issued", "发出督办", "A supervision order was issued")
    SUPERVISION_ACKED = ("supervision.acked", "签收督办", "A supervision order was acknowledged")
    SUPERVISION_REPORTED = (
        "supervision.reported",
        "报告督办",
        "A supervision order was reported on",
    )
    SUPERVISION_ACCEPTED = ("supervision.accepted", "督办报告通过", "A report was accepted")
    SUPERVISION_RETURNED = ("supervision.returned", "督办报告退回", "A report was returned")
    DEPARTMENT_CREATED = ("department.created", "设立部门", "A department was set up")
    DEPARTMENT_UPDATED = ("department.updated", "修改部门", "A department was changed")
    DEPARTMENT_CLOSED = ("department.closed", "撤销部门", "A department was closed")
    CATEGORY_CREATED = ("category.created", "新建诉求分类", "A category of petitions was created")
    CATEGORY_UPDATED = ("category.updated", "修改诉求分类", "A category of petitions was changed")
    RULE_PROPOSED = ("rule.proposed", "提议表决规则", "A rule of decisions was proposed")
    RULE_CONFIRMED = ("rule.confirmed", "核定表决规则", "A rule of decisions was confirmed")
    INVITATION_CREATED = ("invitation.created", "邀请任职", "Somebody was invited to serve")
    INVITATION_CONFIRMED = ("invitation.confirmed", "确认邀请", "An invitation was confirmed")
    INVITATION_DECLINED = ("invitation.declined", "否决邀请", "An invitation was declined")
    INVITATION_ACCEPTED = ("invitation.accepted", "接受邀请", "An invitation was accepted")
    OFFICER_DISMISSAL_REQUESTED = (
        "officer.dismissal_requested",
        "提出免职",
        "An officer's dismissal was asked for",
    )
    OFFICER_DISMISSED = ("officer.dismissed", "免职", "An officer was dismissed")
    OFFICER_LAPSED = ("officer.lapsed", "任期届满", "An officer's term ran out")
    OFFICER_ANONYMISED = ("officer.anonymised", "任职人注销", "An officer was erased")
    PETITION_SUBMITTED = ("petition.submitted", "诉求：提交", "Of a petition: it was submitted")
    PETITION_INFORMATION_REQUESTED = (
        "petition.information_requested",
        "诉求：要求补充",
        "Of a petition: its desk asked for more information",
    )
    PETITION_RESUBMITTED = (
        "petition.resubmitted",
        "诉求：补充后再提交",
        "Of a petition: its author sent more information",
    )
    PETITION_ACCEPTED = ("petition.accepted", "诉求：受理", "Of a petition: its desk took it on")
    PETITION_REFUSED = (
        "petition.refused",
        "诉求：不予受理",
        "Of a petition: its desk did not take it on",
    )
    # fmt: off
    NOTICE_ACKNOWLEDGED = ("notice.acknowledged", "签收公告", "A notice was acknowledged")
    OBLIGATION_OVERDUE = ("obligation.overdue", "法定义务逾期", "An obligation fell overdue")
    OBLIGATION_MET = ("obligation.met", "法定义务完成", "An obligation was met")
    APPRAISAL_DRAFTED = ("appraisal.drafted", "民主评议列入议题", "An appraisal was put on an agenda")
    APPRAISAL_PUBLISHED = ("appraisal.published", "公布民主评议结果", "An appraisal was published")
    AFFAIR_DRAFTED = ("affair.drafted", "录入公开事项", "An item of open affairs was entered")
    AFFAIR_POSTED = ("affair.posted", "核实并公布事项", "An item was confirmed and posted")
    AFFAIR_RETURNED = ("affair.returned", "退回公开事项", "An item was not confirmed")
    AFFAIR_WITHDRAWN = ("affair.withdrawn", "撤下公开事项", "An item was taken down")
    AFFAIR_QUESTION_ASKED = ("affair_question.asked", "查询公开事项", "A resident asked about an item")
    AFFAIR_QUESTION_OBJECTED = ("affair_question.objected", "监督委员提出异议", "A supervisor objected to an item")
    AFFAIR_QUESTION_ANSWERED = ("affair_question.answered", "答复查询", "A question about an item was answered")
    AFFAIR_QUESTION_OVERDUE = ("affair_question.overdue", "查询答复逾期", "A question was not answered in time")
    AFFAIR_COMPLAINT_FILED = ("affair_complaint.filed", "向街镇反映", "A resident complained to the street")
    AFFAIR_COMPLAINT_DECIDED = ("affair_complaint.decided", "街镇办结反映", "The street decided a complaint")
    AFFAIR_COMPLAINT_OVERDUE = ("affair_complaint.overdue", "反映办理逾期", "A complaint was not decided in time")
    # fmt: on
    PETITION_MERGED = (
        "petition.merged",
        "诉求：并入另一诉求",
        "Of a petition: it was merged into another petition",
    )
    PETITION_TOOK_IN = (
        "petition.took_in",
        "诉求：并入了另一诉求",
        "Of a petition: another petition was merged into it",
    )
    PETITION_ASSIGNED = (
        "petition.assigned",
        "诉求：派单",
        "Of a petition: it was assigned to a handler or department",
    )
    PETITION_DISPUTED = (
        "petition.disputed",
        "诉求：派单有异议",
        "Of a petition: who it was assigned to disputes the assignment",
    )
    PETITION_STARTED = ("petition.started", "诉求：开始办理", "Of a petition: work on it began")
    PETITION_EXTENDED = ("petition.extended", "诉求：延期", "Of a petition: its limit was extended")
    PETITION_ESCALATED = ("petition.escalated", "诉求：上报", "Of a petition: it went up a level")
    PETITION_ANSWERED = ("petition.answered", "诉求：答复", "Of a petition: its desk answered")
    PETITION_ASKED_BACK = (
        "petition.asked_back",
        "诉求：系统回访",
        "Of a petition: the system asked its author whether it is solved",
    )
    PETITION_RATED = (
        "petition.rated",
        "诉求：本人评价",
        "Of a petition: its author said whether it is solved",
    )
    PETITION_CLOSED = ("petition.closed", "诉求：办结", "Of a petition: it was closed")
    PETITION_REOPENED = (
        "petition.reopened",
        "诉求：重新打开",
        "Of a petition: its author opened it again",
    )
    PETITION_REVIEW_REQUESTED = (
        "petition.review_requested",
        "诉求：申请复查",
        "Of a petition: its author asked the level above for a review",
    )
    PETITION_REVIEWED = (
        "petition.reviewed",
        "诉求：复查决定",
        "Of a petition: the level above decided the review",
    )
    PETITION_WITHDRAWN = (
        "petition.withdrawn",
        "诉求：撤回",
        "Of a petition: its author withdrew it",
    )
    PETITION_NOTED = ("petition.noted", "诉求：记录", "Of a petition: a note was added")
    PETITION_ACK_OVERDUE = (
        "petition.ack_overdue",
        "诉求：首次响应超时",
        "Of a petition: the limit for the first response passed",
    )
    PETITION_RESOLVE_OVERDUE = (
        "petition.resolve_overdue",
        "诉求：办结超时",
        "Of a petition: the limit for the answer passed",
    )
    PETITION_MEETING_CALLED = (
        "petition.meeting_called",
        "公告诉求所提请的会议",
        "The meeting that a petition asks for was announced",
    )
    PETITION_MEETING_CANCELLED = (
        "petition.meeting_cancelled",
        "诉求所提请的会议取消",
        "The meeting that a petition asks for was cancelled",
    )
    PETITION_GOAL_REACHED = (
        "petition.goal_reached",
        "诉求：联名达到人数",
        "Of a petition: enough residents signed it",
    )
    PETITION_SUPERVISED = (
        "petition.supervised",
        "诉求：被督办",
        "Of a petition: an order was issued about it",
    )
    PETITION_IMPORTED = (
        "petition.imported",
        "诉求：由旧系统导入",
        "Of a petition: it was imported from another system",
    )
