/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** 居委；或越级致街镇、职能部门。The committee, or past it the street or a department. */
export type Addressee =
  | 'COMMUNITY'
  | 'DEPARTMENT'
  | 'STREET';

/** 申请加入。Ask to be let in. */
export type ApplyForMembershipInput = {
  /** 楼栋，如 3号楼。Building, 1 to 20 characters. */
  building: string;
  /** 您已阅读的 IDENTITY 同意书版本。The version of the IDENTITY text that you agree to. */
  consentVersion: string;
  /** 邻居所见的称呼，1–30 字，可随意。What neighbours see, 1 to 30 characters: as you like. */
  displayName: string;
  /** 身份证号，可不填。Id number; may be left out. */
  idNumber?: string | null | undefined;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 居住情况。How you belong to the household. */
  kind: ResidentKind;
  /**
   * 手机号，加密保存；大陆以外的号码写上国家或地区代码，须当面核实。
   * Mobile number, kept encrypted; beyond the mainland with its country's code, and checked in person.
   */
  phone: string;
  /** 真实姓名，加密保存。Real name; kept encrypted, shown to nobody without a reason. */
  realName: string;
  /** 室号，如 502。Room, 1 to 20 characters. */
  room: string;
};

/** 个人信息的用途。What personal data is used for. */
export type ConsentPurpose =
  | 'IDENTITY'
  | 'SERVICE_MESSAGES';

/** PUBLISHED 可见；HELD 待审；HIDDEN 已隐藏；DELETED 已删除。Held and hidden: author and staff only. */
export type ContentState =
  | 'DELETED'
  | 'HELD'
  | 'HIDDEN'
  | 'PUBLISHED';

/** 发帖。Write a post. */
export type CreatePostInput = {
  /** 版块。The board. */
  boardId: string | number;
  /** 正文，1–2500 字。Body, 1 to 2500 characters. */
  body: string;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 标题，1–80 字。Title, 1 to 80 characters. */
  title: string;
  /**
   * 图片，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Images, 9 at most: an `uploadId` of `POST /uploads` each, to be used once.
   */
  uploadIds?: Array<string | number>;
};

/** 社区、街镇、区。How high it has come. */
export type Level =
  | 'COMMUNITY'
  | 'DISTRICT'
  | 'STREET';

/** 标记已读。Mark posts read. */
export type MarkReadInput = {
  /** 帖子，最多 50 个。The posts, at most 50. */
  postIds: Array<string | number>;
};

/**
 * 已申请、已实名、待审核、已退回、成员、暂停、迁出、已注销。
 * How far someone is on the way in or out; only ACTIVE may post, petition and vote.
 */
export type MemberState =
  | 'ACTIVE'
  | 'ANONYMISED'
  | 'APPLIED'
  | 'IDENTITY_OK'
  | 'MOVED_OUT'
  | 'RETURNED'
  | 'SUSPENDED'
  | 'UNDER_REVIEW';

/** 诉求上发生的事。What happened to a petition. */
export type PetitionAction =
  | 'ACCEPTED'
  | 'ACK_OVERDUE'
  | 'ANSWERED'
  | 'ASKED_BACK'
  | 'ASSIGNED'
  | 'CLOSED'
  | 'DISPUTED'
  | 'ESCALATED'
  | 'EXTENDED'
  | 'GOAL_REACHED'
  | 'IMPORTED'
  | 'INFORMATION_REQUESTED'
  | 'MERGED'
  | 'NOTED'
  | 'RATED'
  | 'REFUSED'
  | 'REOPENED'
  | 'RESOLVE_OVERDUE'
  | 'RESUBMITTED'
  | 'REVIEWED'
  | 'REVIEW_REQUESTED'
  | 'STARTED'
  | 'SUBMITTED'
  | 'SUPERVISED'
  | 'TOOK_IN'
  | 'WITHDRAWN';

/** 本人、办理台、联名人、系统。The author, a desk, who signed, or the system. */
export type PetitionActor =
  | 'AUTHOR'
  | 'DESK'
  | 'SUPPORTER'
  | 'SYSTEM';

/** 咨询、求助、投诉、举报、建议。What is asked for. */
export type PetitionKind =
  | 'COMPLAINT'
  | 'CONSULTATION'
  | 'HELP'
  | 'REPORT'
  | 'SUGGESTION';

/**
 * 已提交、待补充、不予受理、已并案、已受理、已派单、派单异议、办理中、已上报、已答复、回访中、已办结、复查中、已撤回。
 * SUBMITTED and ESCALATED wait for a desk; RETURNED and DISPUTED stop the clocks.
 */
export type PetitionState =
  | 'ACCEPTED'
  | 'ANSWERED'
  | 'ASSIGNED'
  | 'CALLBACK'
  | 'CLOSED'
  | 'DISPUTED'
  | 'ESCALATED'
  | 'IN_PROGRESS'
  | 'MERGED'
  | 'NOT_ACCEPTED'
  | 'RETURNED'
  | 'REVIEW_REQUESTED'
  | 'SUBMITTED'
  | 'WITHDRAWN';

/** 回访：是否解决，是否满意。Say whether it is solved. */
export type RecordCallbackInput = {
  /** 诉求。The petition. */
  petitionId: string | number;
  /** 满意度，1–5。Satisfaction, 1 to 5. */
  satisfaction: number;
  /** 是否解决。Whether it is solved. */
  solved: Solved;
  /** 意见，≤1000 字。In words. */
  words?: string | null | undefined;
};

/** 户籍、租户、业主不在住。Registered here, renting, or an owner who lives elsewhere. */
export type ResidentKind =
  | 'ABSENT_OWNER'
  | 'REGISTERED'
  | 'RENTER';

/** 公开、本社区成员、不公开。Read by all, by members, or by its desks alone. */
export type Secrecy =
  | 'MEMBERS'
  | 'PRIVATE'
  | 'PUBLIC';

/** 已解决、部分、未解决：只由本人说。What the author says, and nobody else. */
export type Solved =
  | 'NO'
  | 'PARTLY'
  | 'YES';

/** 提交审核。Put the application before the committee. */
export type SubmitForReviewInput = {
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey?: string | null | undefined;
};

/** 提交诉求。Send a petition. */
export type SubmitPetitionInput = {
  /** 致居委，或越级。The committee; or past it, who then does not see a private one. */
  addressee?: Addressee;
  /** 正文，1–10000 字。Body, 1 to 10000 characters. */
  body: string;
  /** 分类。Its category. */
  categoryId: string | number;
  /** 致部门时：哪个部门。Which department, if to one. */
  departmentId?: string | number | null | undefined;
  /** 联名依据的规则。The rule by which signatures are collected. */
  goalRuleId?: string | number | null | undefined;
  /**
   * 幂等键，1–64 个字符，断网重试须用同一个：不再做一遍，答的是所做之事现在的样子，已删除则为空。保留 7 天。
   * 1 to 64 characters; a retry after a dropped connection sends the same one: nothing is done again, and the answer is what was made as it is now, null if it was deleted since. Kept for 7 days.
   */
  idempotencyKey: string;
  /** 类别。What is asked for. */
  kind: PetitionKind;
  /** 地点，≤200 字。Where, in words. */
  location?: string | null | undefined;
  /** 谁能看。Who may read it: nobody else, by default. */
  secrecy?: Secrecy;
  /** 标题，1–100 字。Title, 1 to 100 characters. */
  title: string;
  /**
   * 图片，至多 9 张：`POST /uploads` 所得的 `uploadId`，各用一次。
   * Images, 9 at most: an `uploadId` of `POST /uploads` each, to be used once.
   */
  uploadIds?: Array<string | number>;
};

/**
 * 修改被拒绝的原因。今后可能增加，客户端须容忍未知的值。
 * Why a change was refused. The list may grow: clients must bear unknown values.
 */
export type UserErrorCode =
  | 'ALREADY_DONE'
  | 'CONTENT_REJECTED'
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_MISMATCH'
  | 'INVALID'
  | 'NOT_ELIGIBLE'
  | 'NOT_FOUND'
  | 'QUOTA_EXCEEDED'
  | 'REQUIRED'
  | 'RULE_UNCONFIRMED'
  | 'TOO_LONG'
  | 'VERSION_CONFLICT'
  | 'VOTE_CLOSED'
  | 'WRONG_STATE';

/** 用微信核实手机号。Have WeChat vouch for the phone number. */
export type VerifyPhoneInput = {
  /** `getPhoneNumber` 按钮给出的 code，五分钟内一次有效。From the button; five minutes, once. */
  code: string;
};

export type BoardQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type BoardQuery = { board: { id: string, viewerCan: { post: { allowed: boolean, message: string | null } }, pinnedPosts: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, pinned: boolean, commentCount: number, author: { displayName: string, building: string | null } | null, images: Array<{ url: string, thumbnailUrl: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

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

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { viewer: { displayName: string, member: { state: MemberState } | null, community: { name: string } | null, petitions: { nodes: Array<{ id: string, title: string, state: PetitionState, isOpen: boolean, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean } }> } | null } | null, board: { unreadCount: number | null, posts: { nodes: Array<{ id: string, title: string, body: string, createdAt: string, viewerHasRead: boolean }> } } | null };

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


export type FollowPetitionQuery = { petition: { id: string, title: string, body: string, state: PetitionState, level: Level, submittedAt: string, images: Array<{ url: string, thumbnailUrl: string }>, clocks: { acknowledgeDueAt: string, isAcknowledgementOverdue: boolean, respondedAt: string | null, resolveDueAt: string, isResolutionOverdue: boolean, isPaused: boolean }, answer: { words: string | null, answeredAt: string | null } | null, events: { nodes: Array<{ at: string, action: PetitionAction, actorKind: PetitionActor, words: string | null }> }, viewerCan: { recordCallback: { allowed: boolean }, withdraw: { allowed: boolean } } } | null };

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
export const BoardDocument = {"__meta__":{"hash":"sha256:26eb9931e25276ff71c16538000fd3c81512f78d53884eb1d9a53829637e4a31"}} as unknown as TypedDocumentString<BoardQuery, BoardQueryVariables>;
export const CreatePostDocument = {"__meta__":{"hash":"sha256:660140f63b9aa4f0d435357422d07ced7e16e4225b42621363817c3df628256b"}} as unknown as TypedDocumentString<CreatePostMutation, CreatePostMutationVariables>;
export const HomeDocument = {"__meta__":{"hash":"sha256:9674cdb4afe8a95324fce5645a1d28fea0951ca014baf706e0c8bab8b428286f"}} as unknown as TypedDocumentString<HomeQuery, HomeQueryVariables>;
export const MarkReadDocument = {"__meta__":{"hash":"sha256:40470dbd1d3a9b22609c833e0430b317f16b1db32ec2c2f063c3955669577a9a"}} as unknown as TypedDocumentString<MarkReadMutation, MarkReadMutationVariables>;
export const JoinDocument = {"__meta__":{"hash":"sha256:d87e3708c75f1bc435db6c8f687900dc8010ca8ea0c9d083aad99c5b19f6b5bd"}} as unknown as TypedDocumentString<JoinQuery, JoinQueryVariables>;
export const ApplyDocument = {"__meta__":{"hash":"sha256:dd4eedb772cd381fe984bf3b06cb057f57fc68e4fa2b85da1d1958a4cca694f9"}} as unknown as TypedDocumentString<ApplyMutation, ApplyMutationVariables>;
export const VerifyPhoneDocument = {"__meta__":{"hash":"sha256:293e2876de1668109d39d47686315cf77a055e158ab906b2e2d88b6c6805bbef"}} as unknown as TypedDocumentString<VerifyPhoneMutation, VerifyPhoneMutationVariables>;
export const SubmitForReviewDocument = {"__meta__":{"hash":"sha256:10e70beec22b65055faf4722d9d9ffadc863d2e2c7368981a914619a29bb2626"}} as unknown as TypedDocumentString<SubmitForReviewMutation, SubmitForReviewMutationVariables>;
export const CategoriesDocument = {"__meta__":{"hash":"sha256:535c78662a4cc42d4a9696a06b1bfa1edac869dcf926aeab9521ed176f3e2266"}} as unknown as TypedDocumentString<CategoriesQuery, CategoriesQueryVariables>;
export const SubmitPetitionDocument = {"__meta__":{"hash":"sha256:8466bba37a335250ff2c997b6befe2efb991b9237f8f3fb1e7c7d779adc70b06"}} as unknown as TypedDocumentString<SubmitPetitionMutation, SubmitPetitionMutationVariables>;
export const FollowPetitionDocument = {"__meta__":{"hash":"sha256:1dcd9738eed2f3040bf3b5332dbbd6a06bc1cbf38da482c4e2bdbe6379c24133"}} as unknown as TypedDocumentString<FollowPetitionQuery, FollowPetitionQueryVariables>;
export const RecordCallbackDocument = {"__meta__":{"hash":"sha256:b07d8bd476e115739fbc2d058b5788b060a24ba6123a18233417ad40c6d630fd"}} as unknown as TypedDocumentString<RecordCallbackMutation, RecordCallbackMutationVariables>;