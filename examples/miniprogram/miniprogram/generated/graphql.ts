/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** 这是 `addComment` 的输入。This is the input of `addComment`. */
export type AddCommentInput = {
  /** 填写内容，1–1000 字。Give the text, in 1 to 1000 characters. */
  body: string;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /** 填写要回复的第一层评论的标识。Give the id of the comment of the first level that it replies to. */
  parentId?: string | number | null | undefined;
  /** 填写 `Post` 的标识。Give the id of the `Post`. */
  postId: string | number;
  /**
   * 填写图片的标识，至多 3 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Give the images, 3 at most: each by an `uploadId` of `POST /uploads`, which is used once.
   */
  uploadIds?: Array<string | number>;
};

/** 这是 `appealSuspension` 的输入。This is the input of `appealSuspension`. */
export type AppealSuspensionInput = {
  /** 填写申诉内容，1–500 字。Give the appeal, in 1 to 500 characters. */
  body: string;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
};

/** 这是 `applyForMembership` 的输入。This is the input of `applyForMembership`. */
export type ApplyForMembershipInput = {
  /** 填写楼栋，如 3号楼，1–20 字。Give the building, in 1 to 20 characters. */
  building: string;
  /** 填写您已阅读的 IDENTITY 同意书版本。Give the version of the IDENTITY text that you agree to. */
  consentVersion: string;
  /** 填写邻居所见的称呼，可随意，1–30 字。Give the name that neighbours see, as you like, in 1 to 30 characters. */
  displayName: string;
  /** 可填写身份证号。You may give your id number. */
  idNumber?: string | null | undefined;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /** 选择居住情况。Choose how you belong to the household. */
  kind: ResidentKind;
  /**
   * 填写手机号，加密保存；大陆以外的号码写上国家或地区代码，须当面核实。
   * Give your mobile number, which is kept encrypted; a number beyond the mainland has its country's code and is checked in person.
   */
  phone: string;
  /** 填写真实姓名，加密保存，无理由不得查看，1–40 字。Give your real name, which is kept encrypted and shown to nobody without a reason, in 1 to 40 characters. */
  realName: string;
  /** 填写室号，如 502，1–20 字。Give the room, in 1 to 20 characters. */
  room: string;
};

/** 选票以这种方式投出。The ballot was cast in this way. */
export type BallotChannel =
  /** 它表示“工作人员上门协助，一人录入、另一人复核”。The staff took it down at the voter's, and one person entered it and another confirmed it. */
  | 'ASSISTED'
  /** 它表示“本人线上投票”。It was cast online by the voter. */
  | 'ONLINE'
  /** 它表示“纸质票，一人录入、另一人复核”。It came on paper, and one person entered it and another confirmed it. */
  | 'PAPER'
  /** 它表示“受托人依书面委托投票”。It was cast by the holder of a written proxy, as instructed. */
  | 'PROXY';

/** 这是 `castBallot` 的输入。This is the input of `castBallot`. */
export type CastBallotInput = {
  /**
   * 填写名册上的哪一户，见 `Meeting.viewerEntries`；只有一户不必填。
   * Give the id of the entry of the roll, as in `Meeting.viewerEntries`; leave it out where there is one.
   */
  entryId?: string | number | null | undefined;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /**
   * 每个选项有一个数：0 未选，1 选中（候选人：1 同意、2 反对；排序：1 为首选）。
   * There is one number for each option: 0 none, 1 chosen (candidates: 1 for, 2 against; ranked: 1 first).
   * 全为 0 即弃权；秘密投票不填。All 0 is an abstention; leave it out of a secret vote.
   */
  marks?: Array<number> | null | undefined;
  /**
   * 改票时填您现有选票的 `version`；首次投票不填。
   * Give the `version` of your ballot to change it; leave it out the first time.
   */
  replaces?: number | null | undefined;
  /**
   * 秘密投票填写在本机封好的 480 字节，base64。
   * For a secret vote, give the 480 bytes sealed on this device, as base64.
   */
  sealed?: string | null | undefined;
  /** 填写 `Vote` 的标识。Give the id of the `Vote`. */
  voteId: string | number;
};

/** 成员在任期内担任这项职务。A member holds this office for a term. */
export type CommunityOffice =
  /** 它表示“居委委员”。They are a member of the committee. */
  | 'COMMITTEE_MEMBER'
  /** 它表示“党组织书记”。They are the secretary of the Party branch. */
  | 'PARTY_SECRETARY'
  /** 它表示“居民代表或村民代表”。They represent residents or villagers. */
  | 'REPRESENTATIVE'
  /** 它表示“专业席位”。They hold a professional's seat. */
  | 'SEAT'
  /** 它表示“监督委员”。They are a supervisor of the committee. */
  | 'SUPERVISOR';

/** 个人信息用于这个用途。Personal data is used for this purpose. */
export type ConsentPurpose =
  /** 它表示“核实居民身份”。It is used to check who a resident is. */
  | 'IDENTITY'
  /** 它表示“发送服务通知”。It is used to send service messages. */
  | 'SERVICE_MESSAGES';

/** 帖子或评论的状态决定谁看得到。The state of a post or comment decides who sees it. */
export type ContentState =
  /** 它表示“作者已删除”。Its author deleted it. */
  | 'DELETED'
  /** 它表示“待审，只有作者和居委可见”。It waits to be checked; its author and the staff see it. */
  | 'HELD'
  /** 它表示“已隐藏，只有作者和居委可见”。It was hidden; its author and the staff see it. */
  | 'HIDDEN'
  /** 它表示“可见”。Members see it. */
  | 'PUBLISHED';

/** 这是 `createPost` 的输入。This is the input of `createPost`. */
export type CreatePostInput = {
  /** 公告可请对象签收。A notice may ask its audience to acknowledge it. */
  asksAcknowledgement?: boolean;
  /**
   * 公告可填写给哪些楼栋，至多 50 栋，各 1–20 字；不填即不限。
   * You may name the buildings that a notice is for, 50 at most, each in 1 to 20 characters; it is for all if you name none.
   */
  audienceBuildings?: Array<string>;
  /**
   * 公告可填写给担任哪些职务的人；不填即不限。
   * You may name the offices that a notice is for; it is for all if you name none.
   */
  audienceOffices?: Array<CommunityOffice>;
  /** 填写 `Board` 的标识。Give the id of the `Board`. */
  boardId: string | number;
  /** 填写正文，1–2500 字。Give the body, in 1 to 2500 characters. */
  body: string;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /** 填写标题，1–80 字。Give the title, in 1 to 80 characters. */
  title: string;
  /**
   * 填写图片的标识，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Give the images, 9 at most: each by an `uploadId` of `POST /uploads`, which is used once.
   */
  uploadIds?: Array<string | number>;
};

/** 这是 `markRead` 的输入。This is the input of `markRead`. */
export type MarkReadInput = {
  /**
   * 填写帖子的标识，最多 50 个。
   * Give the ids of the posts, at most 50.
   */
  postIds: Array<string | number>;
};

/** 会议先筹备，后公告。A meeting is drafted first and announced later. */
export type MeetingState =
  /** 它表示“已取消”。It was cancelled before it was held. */
  | 'CANCELLED'
  /** 它表示“筹备中”。It is in preparation. */
  | 'DRAFT'
  /** 它表示“已公告”。It was announced, with its matters and its roll. */
  | 'NOTICED';

/** 只有 ACTIVE 的成员可发言、提诉求、表决。Only ACTIVE members may post, petition and vote. */
export type MemberState =
  /** 它表示“正式成员”。They are a member. */
  | 'ACTIVE'
  /** 它表示“已注销，个人信息已删除”。They were erased, and the personal data is gone. */
  | 'ANONYMISED'
  /** 它表示“已申请，待实名”。They applied, and the real name is not checked yet. */
  | 'APPLIED'
  /** 它表示“已实名，待提交”。The real name is checked, and nothing is submitted yet. */
  | 'IDENTITY_OK'
  /** 它表示“已迁出”。They left the community. */
  | 'MOVED_OUT'
  /** 它表示“已退回，可改后重报”。The committee returned it, and they may apply again. */
  | 'RETURNED'
  /** 它表示“暂停资格，只能浏览和申诉”。They are suspended and may read and appeal. */
  | 'SUSPENDED'
  /** 它表示“待居委审核”。It is submitted and waits for the committee. */
  | 'UNDER_REVIEW';

/** 这是 `objectToRoll` 的输入。This is the input of `objectToRoll`. */
export type ObjectToRollInput = {
  /** 填写内容，1–500 字。Give the objection, in 1 to 500 characters. */
  body: string;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /** 填写 `Meeting` 的标识。Give the id of the `Meeting`. */
  meetingId: string | number;
};

/**
 * 业主的议事规则规定，已送达而未投票的业主怎样算。
 * The owners' own rules say how an owner counts who was served a ballot and returned none.
 */
export type OwnersSilence =
  /** 它表示“视为参与表决并弃权”。They took part and abstained. */
  | 'ABSTENTION'
  /** 它表示“视为参与表决并同意多数意见”。They took part and join the majority of those who answered. */
  | 'MAJORITY'
  /** 它表示“不算参与表决”。They took no part. */
  | 'NOTHING';

/** 诉求上发生了这样的事。This happened to a petition. */
export type PetitionAction =
  /** 它表示“受理”。Its desk took it on. */
  | 'ACCEPTED'
  /** 它表示“首次响应超时”。The limit for the first response passed. */
  | 'ACK_OVERDUE'
  /** 它表示“答复”。Its desk answered. */
  | 'ANSWERED'
  /** 它表示“系统回访”。The system asked its author whether it is solved. */
  | 'ASKED_BACK'
  /** 它表示“派单”。It was assigned to a handler or department. */
  | 'ASSIGNED'
  /** 它表示“办结”。It was closed. */
  | 'CLOSED'
  /** 它表示“转为议题”。It became a topic of the residents. */
  | 'CONVERTED'
  /** 它表示“派单有异议”。The assignment was disputed by who got it. */
  | 'DISPUTED'
  /** 它表示“上报”。It went up a level. */
  | 'ESCALATED'
  /** 它表示“延期”。Its limit was extended. */
  | 'EXTENDED'
  /** 它表示“联名达到人数”。Enough residents support it. */
  | 'GOAL_REACHED'
  /** 它表示“由旧系统导入”。It was imported from another system. */
  | 'IMPORTED'
  /** 它表示“要求补充”。Its desk asked for more information. */
  | 'INFORMATION_REQUESTED'
  /** 它表示“已公告所提请的会议”。The meeting that it asks for was announced. */
  | 'MEETING_CALLED'
  /** 它表示“所提请的会议取消”。The meeting that it asks for was cancelled. */
  | 'MEETING_CANCELLED'
  /** 它表示“并入另一诉求”。It was merged into another petition. */
  | 'MERGED'
  /** 它表示“记录”。A note was added. */
  | 'NOTED'
  /** 它表示“本人评价”。Its author said whether it is solved. */
  | 'RATED'
  /** 它表示“不予受理”。Its desk did not take it on. */
  | 'REFUSED'
  /** 它表示“重新打开”。Its author opened it again. */
  | 'REOPENED'
  /** 它表示“办结超时”。The limit for the answer passed. */
  | 'RESOLVE_OVERDUE'
  /** 它表示“补充后再提交”。Its author sent more information. */
  | 'RESUBMITTED'
  /** 它表示“复查决定”。The level above decided the review. */
  | 'REVIEWED'
  /** 它表示“申请复查”。Its author asked the level above for a review. */
  | 'REVIEW_REQUESTED'
  /** 它表示“开始办理”。Work on it began. */
  | 'STARTED'
  /** 它表示“提交”。It was submitted. */
  | 'SUBMITTED'
  /** 它表示“被督办”。An order was issued about it. */
  | 'SUPERVISED'
  /** 它表示“并入了另一诉求”。Another petition was merged into it. */
  | 'TOOK_IN'
  /** 它表示“撤回”。Its author withdrew it. */
  | 'WITHDRAWN';

/**
 * 它说明诉求上的事由谁所为；到期的步骤由系统进行。
 * It says who acted on a petition; the system takes the steps that are due.
 */
export type PetitionActor =
  /** 它表示“诉求人”。Its author acted. */
  | 'AUTHOR'
  /** 它表示“办理台”。The desk that has it acted. */
  | 'DESK'
  /** 它表示“联名人”。Somebody who supports it acted. */
  | 'SUPPORTER'
  /** 它表示“系统”。The system acted. */
  | 'SYSTEM';

/**
 * 诉求写给居委，或越级写给街镇或部门。
 * A petition is addressed to the committee, or past it to the street or a department.
 */
export type PetitionAddressee =
  /** 它表示“居委”。It is addressed to the residents' committee. */
  | 'COMMUNITY'
  /** 它表示“越级致职能部门”。It is addressed to a department, past the committee. */
  | 'DEPARTMENT'
  /** 它表示“越级致街镇”。It is addressed to the street, past the committee. */
  | 'STREET';

/** 诉求的种类说明诉求人要什么。The kind of a petition says what its author asks for. */
export type PetitionKind =
  /** 它表示“投诉”。It asks for a remedy. */
  | 'COMPLAINT'
  /** 它表示“咨询”。It asks for advice. */
  | 'CONSULTATION'
  /** 它表示“求助”。It asks for help. */
  | 'HELP'
  /** 它表示“举报”。It asks that a wrong be looked into. */
  | 'REPORT'
  /** 它表示“建议”。It asks that a suggestion be considered. */
  | 'SUGGESTION';

/** 诉求现在或当时到了这一级。A petition is or was at this level. */
export type PetitionLevel =
  /** 它表示“社区”。It is at the community. */
  | 'COMMUNITY'
  /** 它表示“区”。It is at the district. */
  | 'DISTRICT'
  /** 它表示“街镇”。It is at the street or town. */
  | 'STREET';

/**
 * 除诉求人和办理台外，它规定谁能看到诉求。
 * It says who may read a petition besides its author and its desks.
 */
export type PetitionSecrecy =
  /** 它表示“本社区成员”。Members of the community read it. */
  | 'MEMBERS'
  /** 它表示“不公开，只有诉求人和办理台”。Its author and its desks alone read it. */
  | 'PRIVATE'
  /** 它表示“公开”。Everybody in the community reads it, guests too. */
  | 'PUBLIC';

/** 是否解决，只由诉求人说。Only the author says whether it is solved. */
export type PetitionSolved =
  /** 它表示“未解决”。It is not solved. */
  | 'NO'
  /** 它表示“部分解决”。It is solved in part. */
  | 'PARTLY'
  /** 它表示“已解决”。It is solved. */
  | 'YES';

/** 诉求的状态说明办理到哪一步。The state of a petition says how far its handling is. */
export type PetitionState =
  /** 它表示“已受理”。Its desk took it on. */
  | 'ACCEPTED'
  /** 它表示“已答复”。Its desk answered it. */
  | 'ANSWERED'
  /** 它表示“已派单”。It was assigned to a handler or a department. */
  | 'ASSIGNED'
  /** 它表示“回访中，待诉求人评价”。Its author is asked whether it is solved. */
  | 'CALLBACK'
  /** 它表示“已办结”。It is closed. */
  | 'CLOSED'
  /** 它表示“派单有异议，时限暂停”。The assignment is disputed, and the clocks stand still. */
  | 'DISPUTED'
  /** 它表示“已上报，待上级受理”。It went up a level and waits for the desk there. */
  | 'ESCALATED'
  /** 它表示“办理中”。It is being worked on. */
  | 'IN_PROGRESS'
  /** 它表示“已并入另一诉求”。It was merged into another petition. */
  | 'MERGED'
  /** 它表示“不予受理”。Its desk did not take it on. */
  | 'NOT_ACCEPTED'
  /** 它表示“待诉求人补充，时限暂停”。It waits for more from its author, and the clocks stand still. */
  | 'RETURNED'
  /** 它表示“复查中，由上一级决定”。The level above is asked to review the answer. */
  | 'REVIEW_REQUESTED'
  /** 它表示“已提交，待办理台受理”。It was sent and waits for its desk. */
  | 'SUBMITTED'
  /** 它表示“已撤回”。Its author withdrew it. */
  | 'WITHDRAWN';

/** 这是 `recordCallback` 的输入。This is the input of `recordCallback`. */
export type RecordCallbackInput = {
  /**
   * 可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 天。
   * You may give a key; a retry with the same one is told what was done, and not that it is done already. The key is kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
  /** 可填写意见，至多 1000 字。You may give your opinion in words, in at most 1000 characters. */
  note?: string | null | undefined;
  /** 填写 `Petition` 的标识。Give the id of the `Petition`. */
  petitionId: string | number;
  /** 填写满意度，1–5。Give your satisfaction, from 1 to 5. */
  satisfaction: number;
  /** 选择是否解决。Choose whether it is solved. */
  solved: PetitionSolved;
};

/** 这是 `reopenPetition` 的输入。This is the input of `reopenPetition`. */
export type ReopenPetitionInput = {
  /**
   * 可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 天。
   * You may give a key; a retry with the same one is told what was done, and not that it is done already. The key is kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
  /** 填写 `Petition` 的标识。Give the id of the `Petition`. */
  petitionId: string | number;
  /** 填写为何未解决，1–1000 字。Give why it is not solved, in 1 to 1000 characters. */
  reason: string;
};

/** 这是 `requestPetitionReview` 的输入。This is the input of `requestPetitionReview`. */
export type RequestPetitionReviewInput = {
  /**
   * 可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 天。
   * You may give a key; a retry with the same one is told what was done, and not that it is done already. The key is kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
  /** 填写 `Petition` 的标识。Give the id of the `Petition`. */
  petitionId: string | number;
  /** 填写为何不服，1–1000 字。Give why you disagree, in 1 to 1000 characters. */
  reason: string;
};

/** 它说明居民与住所的关系。It says how a resident belongs to the household. */
export type ResidentKind =
  /** 它表示“业主，不在此居住”。They own it and live elsewhere. */
  | 'ABSENT_OWNER'
  /** 它表示“户籍在此”。They are registered there. */
  | 'REGISTERED'
  /** 它表示“租户”。They rent it. */
  | 'RENTER';

/** 这是 `resubmitPetition` 的输入。This is the input of `resubmitPetition`. */
export type ResubmitPetitionInput = {
  /** 填写正文，可修改，1–10000 字。Give the body as it is now, in 1 to 10000 characters. */
  body: string;
  /**
   * 可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 天。
   * You may give a key; a retry with the same one is told what was done, and not that it is done already. The key is kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
  /** 可填写补充说明，至多 10000 字。You may give what you add, in at most 10000 characters. */
  note?: string | null | undefined;
  /** 填写 `Petition` 的标识。Give the id of the `Petition`. */
  petitionId: string | number;
  /**
   * 填写图片的标识，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Give the images, 9 at most: each by an `uploadId` of `POST /uploads`, which is used once.
   * 加在原有之后，合计不超过上限。They are added to those that it has; the limit is for all of them.
   */
  uploadIds?: Array<string | number>;
};

/** 监票人代表其中一方。A scrutineer keeps a key on behalf of one of these sides. */
export type ScrutineerSide =
  /** 它表示“居委”。The residents' committee chose the scrutineer. */
  | 'COMMITTEE'
  /** 它表示“律师或公证”。The scrutineer is a lawyer or notary. */
  | 'LAWYER'
  /** 它表示“程序自动监票”。The scrutineer is a program, with nobody watching it. */
  | 'PROGRAM'
  /** 它表示“居民”。The residents chose the scrutineer. */
  | 'RESIDENTS'
  /** 它表示“街道”。The street chose the scrutineer. */
  | 'STREET'
  /** 它表示“居务监督”。The supervisors of the committee chose the scrutineer. */
  | 'SUPERVISORS';

/**
 * 向街镇的申诉待裁定、已裁定，或因所针对的处理已结束而无须裁定。
 * An appeal to the street is open or decided, or moot because what it was against ended first.
 */
export type StreetAppealState =
  /** 它表示“已撤销原处理”。The street lifted what it was against. */
  | 'LIFTED'
  /** 它表示“不再需要裁定：已恢复、期满、离开或删除”。It was over before anyone decided. */
  | 'MOOT'
  /** 它表示“待街镇裁定”。It waits for the street. */
  | 'OPEN'
  /** 它表示“已维持原处理”。The street upheld what it was against. */
  | 'UPHELD';

/** 这是 `submitForReview` 的输入。This is the input of `submitForReview`. */
export type SubmitForReviewInput = {
  /**
   * 可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 天。
   * You may give a key; a retry with the same one is told what was done, and not that it is done already. The key is kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
};

/** 这是 `submitPetition` 的输入。This is the input of `submitPetition`. */
export type SubmitPetitionInput = {
  /**
   * 选择致居委，或越级；越级的不公开诉求居委看不到。
   * Choose the committee, or a desk past it; the committee does not see a private petition that goes past it.
   */
  addressee?: PetitionAddressee;
  /** 填写正文，1–10000 字。Give the body, in 1 to 10000 characters. */
  body: string;
  /** 填写分类的标识。Give the id of its category. */
  categoryId: string | number;
  /** 致部门时，填写部门的标识。Give the id of the department if it is addressed to one. */
  departmentId?: string | number | null | undefined;
  /** 填写联名所依规则的标识。Give the id of the rule by which support is collected. */
  goalRuleId?: string | number | null | undefined;
  /**
   * 填写幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。键保留 7 天。
   * Give a key of 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. The key is kept for 7 days.
   */
  idempotencyKey: string;
  /** 选择类别。Choose what is asked for. */
  kind: PetitionKind;
  /** 可填写地点，至多 200 字。You may give where it is, in words, in at most 200 characters. */
  location?: string | null | undefined;
  /** 可填写由哪条帖子提起。You may give the id of the post that it is about. */
  postId?: string | number | null | undefined;
  /**
   * 业主联名提请召开业主大会时，填写物业区域的标识。
   * Give the id of the property area if its owners ask for their assembly.
   */
  propertyAreaId?: string | number | null | undefined;
  /**
   * 选择谁能看；不填则只有诉求人和办理台。
   * Choose who may read it; by default only its author and its desks may.
   */
  secrecy?: PetitionSecrecy;
  /** 填写标题，1–100 字。Give the title, in 1 to 100 characters. */
  title: string;
  /**
   * 填写图片的标识，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Give the images, 9 at most: each by an `uploadId` of `POST /uploads`, which is used once.
   */
  uploadIds?: Array<string | number>;
};

/**
 * 修改因此被拒绝；今后可能增加，客户端须容忍未知的值。
 * A change was refused for this reason; the list may grow, and clients must bear unknown values.
 */
export type UserErrorCode =
  /** 它表示“已经做过了”。It was done already. */
  | 'ALREADY_DONE'
  /** 它表示“内容未通过检查”。The text did not pass its check. */
  | 'CONTENT_REJECTED'
  /** 它表示“看得到，但不许做”。You see it and may not do this. */
  | 'FORBIDDEN'
  /** 它表示“幂等键已用于别的请求”。The key was used with another input. */
  | 'IDEMPOTENCY_MISMATCH'
  /** 它表示“输入有误”。The input is invalid. */
  | 'INVALID'
  /** 它表示“没有表决资格”。You are not eligible. */
  | 'NOT_ELIGIBLE'
  /** 它表示“没有找到，或您看不到”。It is missing, or not for you to see. */
  | 'NOT_FOUND'
  /** 它表示“超出数量限制”。A limit of number is reached. */
  | 'QUOTA_EXCEEDED'
  /** 它表示“缺少必填的内容”。Something required is missing. */
  | 'REQUIRED'
  /** 它表示“所依据的规定尚未核实”。The rule that it rests on is not confirmed. */
  | 'RULE_UNCONFIRMED'
  /** 它表示“文字太长”。A text is too long. */
  | 'TOO_LONG'
  /** 它表示“已被他人修改，请刷新后重试”。Somebody changed it meanwhile: read it again. */
  | 'VERSION_CONFLICT'
  /** 它表示“表决已结束”。The vote is closed. */
  | 'VOTE_CLOSED'
  /** 它表示“当前状态不允许”。Its present state does not allow it. */
  | 'WRONG_STATE';

/** 这是 `verifyPhone` 的输入。This is the input of `verifyPhone`. */
export type VerifyPhoneInput = {
  /**
   * 填写 `getPhoneNumber` 按钮给出的 code，五分钟内一次有效。
   * Give the code of the `getPhoneNumber` button, which is good once and for five minutes.
   */
  code: string;
};

/** 比例以此为全体。A share is taken of this whole. */
export type VoteBase =
  /** 它表示“到会”。The whole is all recorded as present at the meeting, or who voted in it online. */
  | 'ATTENDING'
  /** 它表示“名册全体”。The whole is all on the roll. */
  | 'ELIGIBLE'
  /** 它表示“参与表决”。The whole is all who took part: valid, blank and void ballots, and counted silence. */
  | 'PARTICIPATING';

/** 它规定选票怎样填写。It says how a ballot is marked. */
export type VoteMethod =
  /** 它表示“对每位候选人同意或反对”。Each candidate is marked for or against. */
  | 'CANDIDATES'
  /** 它表示“选若干项”。Some of the options are marked. */
  | 'MULTIPLE'
  /** 它表示“同意或反对，不选为弃权”。It is marked for or against, and no mark is an abstention. */
  | 'PROPOSAL'
  /** 它表示“按喜好排序”。The options are put in an order of preference. */
  | 'RANKED'
  /** 它表示“选一项”。One of the options is marked. */
  | 'SINGLE';

/** 异议针对名册或结果。An objection is made to a roll or to a result. */
export type VoteObjectionKind =
  /** 它表示“对结果的异议”。It is against a result, once it is published. */
  | 'RESULT'
  /** 它表示“对名册的异议”。It is against the roll, before the vote opens. */
  | 'ROLL';

/** 异议待裁定，或已裁定。An objection is open or decided. */
export type VoteObjectionState =
  /** 它表示“不成立”。The objection was dismissed. */
  | 'DISMISSED'
  /** 它表示“待答复”。It waits for a decision. */
  | 'OPEN'
  /** 它表示“成立”。The objection was right. */
  | 'SUSTAINED';

/** 计票得出这样的结果。A count comes to this outcome. */
export type VoteOutcome =
  /** 它表示“意见最多，仅供参考”。Most want it; it is of a poll, which decides nothing. */
  | 'CHOSEN'
  /** 它表示“未形成有效决定：参与数不足”。There is no valid decision: too few took part, and nothing is decided. */
  | 'FAILED_QUORUM'
  /** 它表示“未形成有效决定：同意数不足”。There is no valid decision: too few votes are for it, and nothing else is decided. */
  | 'FAILED_VOTES'
  /** 它表示“表决通过”。The matter was passed. */
  | 'PASSED'
  /** 它表示“票数相同，未分先后”。The votes are equal; a tie is a result and is not broken. */
  | 'TIE';

/** 它规定谁知道每个人怎么投。It says who learns how somebody voted. */
export type VoteSecrecy =
  /** 它表示“记名投票”。It is by name, and the list is published with the result. */
  | 'RECORDED'
  /** 它表示“秘密投票，选票在手机上封好，由三位监票人中的两位先后开封”。It is secret: ballots are sealed on the voter's device and opened by two of three scrutineers. */
  | 'SECRET';

/**
 * 投票依次经过这些状态；征询以截止告终，表决以结果生效告终。
 * A vote goes through these states; a poll ends with its close, a decision when it is final.
 */
export type VoteState =
  /** 它表示“法院已撤销”。A court annulled it. */
  | 'ANNULLED'
  /** 它表示“已截止”。It is closed for ballots; a poll ends so, with its result published. */
  | 'CLOSED'
  /** 它表示“已截止，监票人正在开票”。It is closed, and the scrutineers open the secret ballots. */
  | 'COUNTING'
  /** 它表示“未开始”。It is drafted or scheduled and not open yet. */
  | 'DRAFT'
  /** 它表示“结果已生效”。The objection period is over. */
  | 'FINAL'
  /** 它表示“已公告，名册可提异议”。It is announced, and the roll may be objected to. */
  | 'NOTICED'
  /** 它表示“投票中”。It is open for ballots. */
  | 'OPEN'
  /** 它表示“已责令改正”。The district or street ordered a correction. */
  | 'ORDERED_TO_CORRECT'
  /** 它表示“结果已公布，可提异议”。The result is published, and it may be objected to. */
  | 'PUBLISHED'
  /** 它表示“已被上级会议撤销”。The meeting that may do so revoked it. */
  | 'REVOKED'
  /** 它表示“已计票，待确认公布”。It is counted and waits to be certified and published. */
  | 'TALLIED'
  /** 它表示“已作废，不算数”。It is void and decides nothing, whatever was counted. */
  | 'VOID';

/** 投票或为征询，或为表决。A vote is a poll or a decision. */
export type VoteTrack =
  /** 它表示“会议表决事项”。It is a matter of a meeting, decided by its rule set. */
  | 'DECISION'
  /** 它表示“意见征询，不具约束力”。It is a question to neighbours, which decides nothing. */
  | 'POLL';

/** 各单位分开计票，从不相加。Each unit is counted by itself; units are never added to each other. */
export type VoteUnit =
  /** 它表示“专有部分面积”。The area of exclusive parts is counted, in 0.01 m². */
  | 'AREA'
  /** 它表示“业主人数”。Owners are counted, one for each owner or group of co-owners. */
  | 'HEADS'
  /** 它表示“户数”。Households are counted. */
  | 'HOUSEHOLDS'
  /** 它表示“组成人员数”。Members of a committee or of a representatives' meeting are counted. */
  | 'MEMBERS'
  /** 它表示“人数”。Persons are counted. */
  | 'PERSONS'
  /** 它表示“代表数”。Representatives are counted. */
  | 'REPRESENTATIVES';

/** 这是 `withdrawPetition` 的输入。This is the input of `withdrawPetition`. */
export type WithdrawPetitionInput = {
  /** 填写 `Petition` 的标识。Give the id of the `Petition`. */
  petitionId: string | number;
  /** 可填写原因，至多 10000 字。You may give the reason, in at most 10000 characters. */
  reason?: string | null | undefined;
};

export type BoardQueryVariables = Exact<{
  slug: string;
  after?: string | null | undefined;
}>;


export type BoardQuery = { community: { boards: Array<{ slug: string, title: string }> } | null, board: { id: string, viewerCan: { createPost: { allowed: boolean, message: string | null } }, pinnedPosts: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type PostCardFragment = { id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> };

export type CreatePostMutationVariables = Exact<{
  input: CreatePostInput;
}>;


export type CreatePostMutation = { createPost: { post: { id: string, state: ContentState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type FollowPostQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type FollowPostQuery = { post: { id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, viewerCan: { addComment: { allowed: boolean, message: string | null } }, comments: { nodes: Array<{ id: string, body: string | null, state: ContentState, createdAt: string, author: { displayName: string, building: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> } | null };

export type AddCommentMutationVariables = Exact<{
  input: AddCommentInput;
}>;


export type AddCommentMutation = { addComment: { comment: { id: string, state: ContentState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { viewer: { displayName: string, member: { state: MemberState, record: { suspensionReason: string | null, suspendedUntil: string | null, suspensionAppeal: { state: StreetAppealState, createdAt: string, dueAt: string, decisionReason: string | null } | null, viewerCan: { appealSuspension: { allowed: boolean } } } | null } | null, community: { name: string } | null, petitions: { nodes: Array<{ id: string, title: string, state: PetitionState, isOpen: boolean, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean } }> } | null } | null, board: { unreadCount: number | null, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, viewerHasRead: boolean }> } } | null };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { markRead: { readIds: Array<string>, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type AppealSuspensionMutationVariables = Exact<{
  input: AppealSuspensionInput;
}>;


export type AppealSuspensionMutation = { appealSuspension: { userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type JoinQueryVariables = Exact<{ [key: string]: never; }>;


export type JoinQuery = { viewer: { id: string, member: { state: MemberState, record: { returnReason: string | null } | null } | null } | null, community: { name: string } | null, consentTexts: Array<{ purpose: ConsentPurpose, version: string, text: string }> | null };

export type ApplyMutationVariables = Exact<{
  input: ApplyForMembershipInput;
}>;


export type ApplyMutation = { applyForMembership: { member: { state: MemberState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VerifyPhoneMutationVariables = Exact<{
  input: VerifyPhoneInput;
}>;


export type VerifyPhoneMutation = { verifyPhone: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type SubmitForReviewMutationVariables = Exact<{
  input: SubmitForReviewInput;
}>;


export type SubmitForReviewMutation = { submitForReview: { member: { state: MemberState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type FollowMeetingQueryVariables = Exact<{
  id: string | number;
}>;


export type FollowMeetingQuery = { decisionRules: Array<{ code: string, name: string, source: string }> | null, node:
    | { id: string, title: string, ruleCode: string, agenda: string | null, location: string, heldAt: string, opensAt: string, closesAt: string, partyDiscussedOn: string | null, partyRecord: string | null, state: MeetingState, noticedAt: string | null, cancellationReason: string | null, viewerIsOnRoll: boolean, roll: { totalCount: number }, attendance: { totalCount: number, nodes: Array<{ voter: { displayName: string } | null }> }, objections: { nodes: Array<{ id: string, kind: VoteObjectionKind, body: string, state: VoteObjectionState, decisionReason: string | null }> }, viewerCan: { objectToRoll: { allowed: boolean } }, matters: Array<{ id: string, question: string, state: VoteState }>, assembly: { silence: OwnersSilence, isElectronicAdmitted: boolean, isParkingCounted: boolean, rulesFrom: string | null, rulesDecision: string | null, area: { name: string } | null } | null }
    | Record<PropertyKey, never>
   | null };

export type OwnEntriesQueryVariables = Exact<{
  id: string | number;
}>;


export type OwnEntriesQuery = { viewer: { member: { id: string } | null } | null, node:
    | { viewerEntries: Array<{ id: string, area: number | null, document: string | null, parts: Array<{ building: string, room: string }>, voter: { id: string } | null, service: { servedAt: string } | null }>, proxies: { nodes: Array<{ document: string, entry: { id: string } | null, holder: { displayName: string } | null, instructions: Array<{ marks: Array<number>, vote: { id: string } | null }> }> } }
    | Record<PropertyKey, never>
   | null };

export type OwnEntryFragment = { id: string, area: number | null, document: string | null, parts: Array<{ building: string, room: string }>, voter: { id: string } | null, service: { servedAt: string } | null };

export type MeetingScreenFragment = { id: string, title: string, ruleCode: string, agenda: string | null, location: string, heldAt: string, opensAt: string, closesAt: string, partyDiscussedOn: string | null, partyRecord: string | null, state: MeetingState, noticedAt: string | null, cancellationReason: string | null, viewerIsOnRoll: boolean, roll: { totalCount: number }, attendance: { totalCount: number, nodes: Array<{ voter: { displayName: string } | null }> }, objections: { nodes: Array<{ id: string, kind: VoteObjectionKind, body: string, state: VoteObjectionState, decisionReason: string | null }> }, viewerCan: { objectToRoll: { allowed: boolean } }, matters: Array<{ id: string, question: string, state: VoteState }>, assembly: { silence: OwnersSilence, isElectronicAdmitted: boolean, isParkingCounted: boolean, rulesFrom: string | null, rulesDecision: string | null, area: { name: string } | null } | null };

export type ObjectToRollMutationVariables = Exact<{
  input: ObjectToRollInput;
}>;


export type ObjectToRollMutation = { objectToRoll: { objection: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type CategoriesQueryVariables = Exact<{ [key: string]: never; }>;


export type CategoriesQuery = { community: { petitionCategories: Array<{ id: string, topic: string, name: string }> } | null };

export type SubmitPetitionMutationVariables = Exact<{
  input: SubmitPetitionInput;
}>;


export type SubmitPetitionMutation = { submitPetition: { petition: { id: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type FollowPetitionQueryVariables = Exact<{
  id: string | number;
}>;


export type FollowPetitionQuery = { petition: { id: string, title: string, body: string, state: PetitionState, level: PetitionLevel, submittedAt: string, images: Array<{ url: string, thumbnailUrl: string }>, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean }, answer: { body: string, answeredAt: string } | null, events: { nodes: Array<{ at: string, action: PetitionAction, actorKind: PetitionActor, body: string | null }> }, viewerCan: { recordCallback: { allowed: boolean }, resubmitPetition: { allowed: boolean }, withdrawPetition: { allowed: boolean }, reopenPetition: { allowed: boolean }, requestPetitionReview: { allowed: boolean } } } | null };

export type RecordCallbackMutationVariables = Exact<{
  input: RecordCallbackInput;
}>;


export type RecordCallbackMutation = { recordCallback: { petition: { id: string, state: PetitionState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } | null };

export type ResubmitPetitionMutationVariables = Exact<{
  input: ResubmitPetitionInput;
}>;


export type ResubmitPetitionMutation = { resubmitPetition: { userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type WithdrawPetitionMutationVariables = Exact<{
  input: WithdrawPetitionInput;
}>;


export type WithdrawPetitionMutation = { withdrawPetition: { userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type ReopenPetitionMutationVariables = Exact<{
  input: ReopenPetitionInput;
}>;


export type ReopenPetitionMutation = { reopenPetition: { userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type RequestReviewMutationVariables = Exact<{
  input: RequestPetitionReviewInput;
}>;


export type RequestReviewMutation = { requestPetitionReview: { userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VotesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type VotesQuery = { community: { open: { nodes: Array<{ id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null, meeting: { assembly: { silence: OwnersSilence } | null } | null }> } | null, votes: { nodes: Array<{ id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null, meeting: { assembly: { silence: OwnersSilence } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type VoteCardFragment = { id: string, track: VoteTrack, state: VoteState, question: string, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, viewerIsOnRoll: boolean, viewerBallot: { version: number } | null, viewerEnvelope: { version: number } | null, meeting: { assembly: { silence: OwnersSilence } | null } | null };

export type FollowVoteQueryVariables = Exact<{
  id: string | number;
}>;


export type FollowVoteQuery = { node:
    | { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, alarmedAt: string | null, options: Array<{ position: number, label: string }>, meeting: { id: string, title: string, assembly: { silence: OwnersSilence } | null } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerBallots: Array<{ entryId: string | null, marks: Array<number>, castAt: string, version: number, channel: BallotChannel }>, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ unit: VoteUnit, option: number | null, part: number, whole: number, base: VoteBase, threshold: string, sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } }
    | Record<PropertyKey, never>
   | null };

export type CastBallotMutationVariables = Exact<{
  input: CastBallotInput;
}>;


export type CastBallotMutation = { castBallot: { vote: { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, alarmedAt: string | null, options: Array<{ position: number, label: string }>, meeting: { id: string, title: string, assembly: { silence: OwnersSilence } | null } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerBallots: Array<{ entryId: string | null, marks: Array<number>, castAt: string, version: number, channel: BallotChannel }>, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ unit: VoteUnit, option: number | null, part: number, whole: number, base: VoteBase, threshold: string, sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
      | { code: UserErrorCode, message: string, path: Array<string> | null }
    > } | null };

export type VoteScreenFragment = { id: string, track: VoteTrack, state: VoteState, question: string, details: string | null, method: VoteMethod, mostMarks: number, opensAt: string, closesAt: string, objectionsUntil: string | null, voidReason: string | null, overturnReason: string | null, eligible: number | null, turnoutPercent: number | null, viewerIsOnRoll: boolean, secrecy: VoteSecrecy, publishedAt: string | null, filePath: string | null, alarmedAt: string | null, options: Array<{ position: number, label: string }>, meeting: { id: string, title: string, assembly: { silence: OwnersSilence } | null } | null, scrutineers: Array<{ name: string, side: ScrutineerSide }>, notice: { body: string } | null, viewerBallot: { marks: Array<number>, castAt: string, version: number } | null, viewerBallots: Array<{ entryId: string | null, marks: Array<number>, castAt: string, version: number, channel: BallotChannel }>, viewerEnvelope: { hash: string, castAt: string, version: number, receipt: string, signature: string } | null, viewerCan: { castBallot: { allowed: boolean, message: string | null } }, result: { outcome: VoteOutcome, winners: Array<number>, rounds: Array<number>, tallies: Array<{ unit: VoteUnit, eligible: number, attending: number | null, participating: number, votes: Array<number>, against: Array<number>, abstained: number, void: number }>, trace: Array<{ unit: VoteUnit, option: number | null, part: number, whole: number, base: VoteBase, threshold: string, sentence: string, isMet: boolean }> } | null, ballots: { totalCount: number, nodes: Array<{ marks: Array<number>, voter: { displayName: string, building: string | null } | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PostCardFragmentDoc = new TypedDocumentString(`
    fragment PostCard on Post {
  id
  title
  body
  createdAt
  pinned
  commentCount
  author {
    displayName
    building
  }
  images {
    url
    thumbnailUrl
  }
}
    `, {"fragmentName":"PostCard"}) as unknown as TypedDocumentString<PostCardFragment, unknown>;
export const OwnEntryFragmentDoc = new TypedDocumentString(`
    fragment OwnEntry on RollEntry {
  id
  area
  document
  parts {
    building
    room
  }
  voter {
    id
  }
  service {
    servedAt
  }
}
    `, {"fragmentName":"OwnEntry"}) as unknown as TypedDocumentString<OwnEntryFragment, unknown>;
export const MeetingScreenFragmentDoc = new TypedDocumentString(`
    fragment MeetingScreen on Meeting {
  id
  title
  ruleCode
  agenda
  location
  heldAt
  opensAt
  closesAt
  partyDiscussedOn
  partyRecord
  state
  noticedAt
  cancellationReason
  viewerIsOnRoll
  roll(first: 0) {
    totalCount
  }
  attendance(first: 20) {
    totalCount
    nodes {
      voter {
        displayName
      }
    }
  }
  objections(first: 20) {
    nodes {
      id
      kind
      body
      state
      decisionReason
    }
  }
  viewerCan {
    objectToRoll {
      allowed
    }
  }
  matters {
    id
    question
    state
  }
  assembly {
    silence
    isElectronicAdmitted
    isParkingCounted
    rulesFrom
    rulesDecision
    area {
      name
    }
  }
}
    `, {"fragmentName":"MeetingScreen"}) as unknown as TypedDocumentString<MeetingScreenFragment, unknown>;
export const VoteCardFragmentDoc = new TypedDocumentString(`
    fragment VoteCard on Vote {
  id
  track
  state
  question
  opensAt
  closesAt
  objectionsUntil
  voidReason
  overturnReason
  viewerIsOnRoll
  viewerBallot {
    version
  }
  viewerEnvelope {
    version
  }
  meeting {
    assembly {
      silence
    }
  }
}
    `, {"fragmentName":"VoteCard"}) as unknown as TypedDocumentString<VoteCardFragment, unknown>;
export const VoteScreenFragmentDoc = new TypedDocumentString(`
    fragment VoteScreen on Vote {
  id
  track
  state
  question
  details
  method
  mostMarks
  opensAt
  closesAt
  objectionsUntil
  voidReason
  overturnReason
  eligible
  turnoutPercent
  viewerIsOnRoll
  options {
    position
    label
  }
  meeting {
    id
    title
    assembly {
      silence
    }
  }
  secrecy
  publishedAt
  filePath
  scrutineers {
    name
    side
  }
  notice {
    body
  }
  viewerBallot {
    marks
    castAt
    version
  }
  viewerBallots {
    entryId
    marks
    castAt
    version
    channel
  }
  alarmedAt
  viewerEnvelope {
    hash
    castAt
    version
    receipt
    signature
  }
  viewerCan {
    castBallot {
      allowed
      message
    }
  }
  result {
    outcome
    winners
    rounds
    tallies {
      unit
      eligible
      attending
      participating
      votes
      against
      abstained
      void
    }
    trace {
      unit
      option
      part
      whole
      base
      threshold
      sentence
      isMet
    }
  }
  ballots(first: 50) {
    totalCount
    nodes {
      marks
      voter {
        displayName
        building
      }
    }
  }
}
    `, {"fragmentName":"VoteScreen"}) as unknown as TypedDocumentString<VoteScreenFragment, unknown>;
export const BoardDocument = {"__meta__":{"hash":"sha256:6e6334a148cc5a80f4dde250688eb3de22e1d566afccbcc5d5684e7bf5a6f8dc"}} as unknown as TypedDocumentString<BoardQuery, BoardQueryVariables>;
export const CreatePostDocument = {"__meta__":{"hash":"sha256:660140f63b9aa4f0d435357422d07ced7e16e4225b42621363817c3df628256b"}} as unknown as TypedDocumentString<CreatePostMutation, CreatePostMutationVariables>;
export const FollowPostDocument = {"__meta__":{"hash":"sha256:a5622dcaa138bbc8638fa5cf762b3754040672fd6da8fa7fa0c6cdbe9ea9c399"}} as unknown as TypedDocumentString<FollowPostQuery, FollowPostQueryVariables>;
export const AddCommentDocument = {"__meta__":{"hash":"sha256:002f909136876ebdec5c910b654c80d991d3328958e30f067e3e5600c41a31c7"}} as unknown as TypedDocumentString<AddCommentMutation, AddCommentMutationVariables>;
export const HomeDocument = {"__meta__":{"hash":"sha256:c6f1ad47c33744f9088121a3125e58b22d4c717dd1641684044e1e450551dc1e"}} as unknown as TypedDocumentString<HomeQuery, HomeQueryVariables>;
export const MarkReadDocument = {"__meta__":{"hash":"sha256:40470dbd1d3a9b22609c833e0430b317f16b1db32ec2c2f063c3955669577a9a"}} as unknown as TypedDocumentString<MarkReadMutation, MarkReadMutationVariables>;
export const AppealSuspensionDocument = {"__meta__":{"hash":"sha256:c3ac9c4bae3dca0282acc2358e0102927f1d60b3b119f805488fda890fbd6b30"}} as unknown as TypedDocumentString<AppealSuspensionMutation, AppealSuspensionMutationVariables>;
export const JoinDocument = {"__meta__":{"hash":"sha256:d87e3708c75f1bc435db6c8f687900dc8010ca8ea0c9d083aad99c5b19f6b5bd"}} as unknown as TypedDocumentString<JoinQuery, JoinQueryVariables>;
export const ApplyDocument = {"__meta__":{"hash":"sha256:dd4eedb772cd381fe984bf3b06cb057f57fc68e4fa2b85da1d1958a4cca694f9"}} as unknown as TypedDocumentString<ApplyMutation, ApplyMutationVariables>;
export const VerifyPhoneDocument = {"__meta__":{"hash":"sha256:293e2876de1668109d39d47686315cf77a055e158ab906b2e2d88b6c6805bbef"}} as unknown as TypedDocumentString<VerifyPhoneMutation, VerifyPhoneMutationVariables>;
export const SubmitForReviewDocument = {"__meta__":{"hash":"sha256:10e70beec22b65055faf4722d9d9ffadc863d2e2c7368981a914619a29bb2626"}} as unknown as TypedDocumentString<SubmitForReviewMutation, SubmitForReviewMutationVariables>;
export const FollowMeetingDocument = {"__meta__":{"hash":"sha256:d174d6ea231dddd758918c7f00bdc1226f706810b66cdcdf89ab1cb88a2b9d8e"}} as unknown as TypedDocumentString<FollowMeetingQuery, FollowMeetingQueryVariables>;
export const OwnEntriesDocument = {"__meta__":{"hash":"sha256:0b9bf2051cf7e0e45d48d91aca16c4fbce5f570e6e29566b1daca7f6111bd9db"}} as unknown as TypedDocumentString<OwnEntriesQuery, OwnEntriesQueryVariables>;
export const ObjectToRollDocument = {"__meta__":{"hash":"sha256:05598d322409a20a0ebcc3864271a9a7ff40c6a3168b89eef187a25d05fa5a13"}} as unknown as TypedDocumentString<ObjectToRollMutation, ObjectToRollMutationVariables>;
export const CategoriesDocument = {"__meta__":{"hash":"sha256:535c78662a4cc42d4a9696a06b1bfa1edac869dcf926aeab9521ed176f3e2266"}} as unknown as TypedDocumentString<CategoriesQuery, CategoriesQueryVariables>;
export const SubmitPetitionDocument = {"__meta__":{"hash":"sha256:8466bba37a335250ff2c997b6befe2efb991b9237f8f3fb1e7c7d779adc70b06"}} as unknown as TypedDocumentString<SubmitPetitionMutation, SubmitPetitionMutationVariables>;
export const FollowPetitionDocument = {"__meta__":{"hash":"sha256:ebafccff8f511fdfde6fa1f935d5df581fbb9fcb5feb09dde89101f3659f1404"}} as unknown as TypedDocumentString<FollowPetitionQuery, FollowPetitionQueryVariables>;
export const RecordCallbackDocument = {"__meta__":{"hash":"sha256:b07d8bd476e115739fbc2d058b5788b060a24ba6123a18233417ad40c6d630fd"}} as unknown as TypedDocumentString<RecordCallbackMutation, RecordCallbackMutationVariables>;
export const ResubmitPetitionDocument = {"__meta__":{"hash":"sha256:94d1911c150461824e2e57c3be2878d346d2952e3f90e61c66e69ae05883a397"}} as unknown as TypedDocumentString<ResubmitPetitionMutation, ResubmitPetitionMutationVariables>;
export const WithdrawPetitionDocument = {"__meta__":{"hash":"sha256:d256c9425bdafe20d7bc1f03afa26b11d885faf5cb86e9ad7667be0c8e92f9a0"}} as unknown as TypedDocumentString<WithdrawPetitionMutation, WithdrawPetitionMutationVariables>;
export const ReopenPetitionDocument = {"__meta__":{"hash":"sha256:a6dc824ccca377af5949e228f42315cf6ef3766b1cd1797be2ff1212227a3220"}} as unknown as TypedDocumentString<ReopenPetitionMutation, ReopenPetitionMutationVariables>;
export const RequestReviewDocument = {"__meta__":{"hash":"sha256:f984b69d7e23e2a90c7444f6cd4c548402ae20d58906d2ed4d088edd7bbb0772"}} as unknown as TypedDocumentString<RequestReviewMutation, RequestReviewMutationVariables>;
export const VotesDocument = {"__meta__":{"hash":"sha256:aac1979af3381348578001e95633bfdbb936dbb11e63740578ccde7fa2a0ca27"}} as unknown as TypedDocumentString<VotesQuery, VotesQueryVariables>;
export const FollowVoteDocument = {"__meta__":{"hash":"sha256:2703af73b326dcae3f9b2406026dbdd4c1889e5a7cd24cb7a950ff1f01635fb2"}} as unknown as TypedDocumentString<FollowVoteQuery, FollowVoteQueryVariables>;
export const CastBallotDocument = {"__meta__":{"hash":"sha256:b19a8ab6982d89a5384384ec89d572f4c2942d5bcd6f4d197b5cdd0fcc5d5670"}} as unknown as TypedDocumentString<CastBallotMutation, CastBallotMutationVariables>;