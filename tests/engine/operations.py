"""Handwritten operations: one for each form that the compiler prints; all fields are used."""

PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"
PERMIT = "{ allowed code message }"

# What all viewers may ask; the operations of the staff and the district follow.
OF_MEMBERS = {
    "the viewer": """{
        apiInfo { version } rateLimit { limit remaining restorePerSecond cost }
        viewer { id displayName roles scopes expiresAt member { id displayName building roles joinedAt }
          community { id code } } }""",
    "the community": """{ community { id code name kind state suspensionReason createdAt
        street { id code name } counts { members posts comments }
        boards { id slug title kind position postPolicy moderation isArchived createdAt version
          unreadCount viewerCan { createPost { allowed code message }
          startPoll { allowed code message } updateBoard { allowed code message }
          archiveBoard { allowed code message } reopenBoard { allowed code message } } }
        board(slug: "notices") { slug } } }""",
    "what may be done to a community": f"""{{ community {{ viewerCan {{ renameCommunity {PERMIT}
        suspendCommunity {PERMIT} resumeCommunity {PERMIT} proposeAppointment {PERMIT} registerApp {PERMIT}
        reissueJoinCode {PERMIT} recordPopulation {PERMIT} importPetitions {PERMIT} }} }} }}""",
    "what may be done to members": f"""{{ community {{ members(first: 12) {{ nodes {{ viewerCan {{
        confirmIdentity {PERMIT} approveMember {PERMIT} returnMember {PERMIT} suspendMember {PERMIT}
        resumeMember {PERMIT} revealContact {PERMIT} grantRole {PERMIT} revokeRole {PERMIT}
        scheduleDuty {PERMIT} }} }} }} }} }}""",
    "the members, page by page": f"""query ($after: Cursor, $role: Role) {{ community {{
        members(first: 5, after: $after, role: $role) {{ {PAGE} nodes {{ id }}
          edges {{ cursor node {{ id displayName building roles joinedAt }} }} }} }} }}""",
    "a feed, page by page": f"""query ($after: Cursor, $slug: String! = "neighbours", $n: Int) {{
        board(slug: $slug) {{ id pinnedPosts {{ id pinned }} posts(first: $n, after: $after) {{ {PAGE}
          edges {{ cursor node {{ id pinned }} }} nodes {{ title }} }} }} }}""",
    "only where a page stands": """query ($after: Cursor) { board(slug: "neighbours") {
        posts(first: 2, after: $after) { pageInfo { hasPreviousPage hasNextPage } } } }""",
    "no more than the count": """query ($after: Cursor) { board(slug: "neighbours") {
        posts(first: 2, after: $after) { totalCount } } }""",
    "posts with all they have": """query ($id: ID!) { post(id: $id) {
        id state createdAt title body pinned editedAt version commentCount reactionCount viewerHasRead
        images { id url thumbnailUrl width height }
        board { slug } author { id displayName } reactions { kind count viewerHasReacted }
        moderation { id state subject { __typename id } openedAt reportCount }
        viewerCan { editPost { allowed code message } deletePost { allowed code message }
          pinPost { allowed code message } unpinPost { allowed code message }
          addComment { allowed code message } react { allowed code message }
          reportContent { allowed code message } hideContent { allowed code message }
          restoreContent { allowed code message } appealModeration { allowed code message } } } }""",
    "a thread, page by page": f"""query ($id: ID!, $after: Cursor) {{ post(id: $id) {{
        comments(first: 2, after: $after) {{ {PAGE} nodes {{ id }} edges {{ cursor node {{ id state
          createdAt body editedAt version replyCount reactionCount author {{ displayName }}
          post {{ id }} parent {{ id }} reactions {{ kind count viewerHasReacted }}
          moderation {{ id state }} replies(first: 2) {{ {PAGE} nodes {{ id parent {{ id }} }}
          edges {{ cursor node {{ id }} }} }} }} }} }} }} }}""",
    "a comment": """query ($id: ID!) { node(id: $id) { id __typename ... on Comment { body
        images { thumbnailUrl } author { id } viewerCan { editComment { allowed code message }
        deleteComment { allowed code message }
          addComment { allowed code message }
          react { allowed code message } reportContent { allowed code message }
          hideContent { allowed code message } restoreContent { allowed code message }
          appealModeration { allowed code message } } } } }""",
    "a case": """query ($id: ID!) { node(id: $id) { ... on ModerationCase { id state openedAt
        reportCount reasonCode reason decidedBy { id displayName } decidedAt appeal appealedAt
        appealReason appealDecidedAt appealDueAt isAppealOverdue
        viewerCan { decideAppeal { allowed code message } takeAppealToStreet { allowed code message } }
        streetAppeal { id kind state content reason body decisionReason }
        subject { __typename id state createdAt author { id } ... on Post { title }
          ... on Comment { body } } } } }""",
    "what is found": f"""query ($after: Cursor, $query: String = "停水") {{
        search(query: $query, first: 3, after: $after) {{ {PAGE} nodes {{ id }}
          edges {{ cursor node {{ id title }} }} }} }}""",
    "objects by their ids": """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Content { author { displayName } state } ... on Post { t: title }
        ... on Comment { body2: body } ... on Board { t: slug } ... on Member { t: displayName }
        ... on PetitionSupportRule { effectiveTo } } }""",
    "one under two names": """{ board(slug: "neighbours") { a: posts(first: 1) { nodes { id } }
        b: posts(first: 2) { nodes { id } } c: posts(first: 0) { nodes { id } pageInfo {
        hasNextPage endCursor } totalCount } } }""",
    "departments": "{ community { departments { id name duties state street { id } } } }",
    "who holds an office": """{ community { members(first: 12) { nodes { id terms { role seat hasDeclaredNoRelatives
        startsAt endsAt endedAt } } } } }""",
    "what is kept of oneself": f"""{{ consentTexts {{ purpose version text }} viewer {{ member {{ state
        record {{ kind household {{ building room near {{ building room memberCount }} }} realName
          phone idNumber samePhoneCount
          identityCheck identityCheckedAt appliedAt submittedAt reviewDueAt isReviewOverdue reviewedAt
          returnReason suspensionReason suspendedUntil viewerCan {{ appealSuspension {PERMIT} }}
          suspensionAppeal {{ id state displayName body isOverdue }} suspensionAppeals {{ id dueAt }}
          consents {{ purpose textVersion givenAt withdrawnAt }}
          history(first: 2) {{ {PAGE} edges {{ cursor node {{ seq action }} }}
            nodes {{ at actorKind client traceId reason isAboutViewer }} }} }} }} }} }}""",
    "an empty page": f"""{{ board(slug: "plaza") {{ posts {{ {PAGE} nodes {{ id
        comments {{ {PAGE} nodes {{ id }} edges {{ cursor }} }} }} }} }} }}""",
    "in parts, by name": """query Parts($full: Boolean!, $none: Boolean = true) {
        ...Root board(slug: "neighbours") { ...Named ... on Node { id } } }
        fragment Root on Query { community { name @include(if: $full) id @skip(if: $full) } }
        fragment Named on Board { posts(first: 2) { ...More nodes { title } } }
        fragment More on PostConnection { nodes { id author { ... @skip(if: $none) { id }
        displayName @include(if: $full) } } }""",
}
OF_STAFF = {
    "the queue, page by page": f"""query ($after: Cursor, $state: ModerationState! = OPEN) {{
        moderationQueue(first: 1, after: $after, state: $state) {{ {PAGE} nodes {{ id }}
          edges {{ cursor node {{ id state reportCount viewerCan {{ decideAppeal {PERMIT} }} }} }} }} }}""",
    "applications, page by page": f"""query ($after: Cursor, $state: MemberState! = UNDER_REVIEW) {{
        joinCode {{ code issuedAt }} applications(first: 1, after: $after, state: $state) {{ {PAGE}
          edges {{ cursor node {{ id }} }} nodes {{ id state record {{ kind realName phone
            returnReason reviewedAt consents {{ purpose }} history(first: 1) {{ nodes {{ seq }} }} }} }}
        }} }}""",
    "the audit, page by page": f"""query ($after: Cursor) {{ auditLog(first: 2, after: $after) {{
        {PAGE} edges {{ cursor }} nodes {{ seq at action subjectId actorKind actorRole
          actor {{ id }} actorStreet {{ name }} actorDepartment {{ name }} client traceId reason
          isAboutViewer }} }} }}""",
}
_LETTER = f"""id state kind urgency title body location secrecy isListed addressee level isOpen submittedAt
    images {{ width }} question reopenCount version source sourceId viewerIsAuthor author {{ displayName }}
    community {{ id }} category {{ id topic name urgency state version viewerCan {{
    updatePetitionCategory {PERMIT} }} }}
    department {{ id }} handler {{ id }} mergedInto {{ id }} meeting {{ id state }} propertyArea {{ id }}
    callbacks {{ at solved satisfaction }} refusal {{ code reason legalRoute }}
    answer {{ images {{ url }} body outcome plannedFor answeredAt }} review {{ requestedAt decidedAt isUpheld reason }}
    clocks {{ acknowledgeDueAt isAcknowledgementOverdue respondedAt resolveDueAt isResolutionOverdue isPaused
      pausedAt extendedAt extensionReason }}
    support {{ count householdCount goal goalReachedAt meetingOwedSince viewerHasSupported
      rule {{ id basis effect isInForce }} }}"""
_VERBS = (
    "acceptPetition", "requestPetitionInformation", "refusePetition", "mergePetition",
    "assignPetition", "disputeAssignment", "startPetition", "extendPetition",
    "escalatePetition", "answerPetition", "addPetitionNote", "decidePetitionReview", "convertToTopic",
    "resubmitPetition", "withdrawPetition", "recordCallback", "reopenPetition",
    "requestPetitionReview", "supportPetition", "withdrawSupport",
)  # fmt: skip
OF_MEMBERS.update(
    {
        "petitions, page by page": f"""query ($after: Cursor, $state: PetitionState, $kind: PetitionKind,
        $category: ID) {{ community {{ petitions(first: 7, after: $after, state: $state, kind: $kind,
          categoryId: $category) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ {_LETTER} }} }} }} }}""",
        "one's own petitions, page by page": f"""query ($after: Cursor, $state: PetitionState) {{ viewer {{
        petitions(first: 3, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ id events(first: 2) {{ {PAGE} edges {{ cursor node {{ action }} }} nodes {{ at actorKind
            actor {{ displayName }} level state isPublic body petition {{ id }} }} }} }} }} }} }}""",
        "a petition and what may be done": f"""query ($id: ID!) {{ petition(id: $id) {{ {_LETTER}
        viewerCan {{ {" ".join(f"{verb} {PERMIT}" for verb in _VERBS)} }} }} }}""",
        "petitions found": f"""query ($after: Cursor, $query: String = "停水") {{
        searchPetitions(query: $query, first: 2, after: $after) {{ {PAGE} nodes {{ id title }}
          edges {{ cursor node {{ id }} }} }} }}""",
        "what happened, page by page": f"""query ($after: Cursor) {{ petitionEvents(first: 9, after: $after) {{
        {PAGE} edges {{ cursor node {{ action }} }}
        nodes {{ at action body images {{ width }} petition {{ id state }} }} }} }}""",
        "what petitions are reckoned by": """{ community { petitionCategories { id topic name }
        timeLimits { urgency effectiveFrom effectiveTo acknowledgeHours acknowledgeDays resolveHours
          resolveDays riseHours source isConfirmed }
        supportRules { id basis numerator denominator effect effectiveFrom effectiveTo source isConfirmed
          isInForce } population { adults households source recordedAt }
        ruleConfirmations { ruleCode effectiveFrom source proposedAt confirmedAt }
        onDuty { id member { id } } dutyGaps { startsAt endsAt } } }""",
        "the roster, page by page": f"""query ($after: Cursor) {{ community {{ dutyRoster(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id startsAt endsAt isRunning
          member {{ displayName }} viewerCan {{ cancelDuty {PERMIT} }} }} }} }} }}""",
    }
)
OF_STAFF.update(
    {
        "the inbox, page by page": f"""query ($after: Cursor, $open: Boolean! = true, $assigned: PetitionAssignedTo,
        $overdue: Boolean, $state: PetitionState) {{ inbox(first: 3, after: $after, isOpen: $open,
          assigned: $assigned, overdue: $overdue, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ id title clocks {{ resolveDueAt }} }} }} }}""",
        "templates, page by page": f"""query ($after: Cursor) {{ answerTemplates(first: 1, after: $after) {{
        {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id name body createdAt
          viewerCan {{ deleteAnswerTemplate {PERMIT} }} }} }} }}""",
    }
)
_OBLIGATION = f"""id code about name source isHouseRule startsOn dueAt state metAt note
    community {{ id }} viewerCan {{ recordObligation {PERMIT} complainAboutAffair {PERMIT} }}"""
_COMPLAINT = f"""id kind code title body filedAt dueAt state decidedAt decisionReason community {{ id }}
    viewerCan {{ decideAffairComplaint {PERMIT} }}"""
_VOTE = f"""id track secrecy board {{ slug }} meeting {{ id }} matter author {{ displayName }} question details
    method options {{ position label }} mostMarks seats noneOfThese state createdAt opensAt closesAt
    certifyingSeats certifications {{ seat certifiedAt certifiedBy {{ id }} }}
    publishedAt objectionsUntil overturnReason voidReason alarmedAt pactMatter {{ textHash }} eligible
    turnoutPercent viewerIsOnRoll
    viewerBallot {{ marks firstAt castAt channel version }}
    scrutineers {{ number name side sealKey signKey shownAt destroyedAt }} notice {{ body signature }}
    viewerEnvelope {{ hash firstAt castAt version receipt signature }} filePath
    result {{ outcome winners ballots invalid rounds countedAt
      tallies {{ unit eligible attending onSite participating votes against abstained void
        byProxy onPaper assisted silent }}
      trace {{ unit option part whole base threshold isMet sentence }} }}
    ballots(first: 2) {{ {PAGE} edges {{ cursor node {{ marks }} }} nodes {{ voter {{ id }} marks channel }} }}
    objections(first: 1) {{ {PAGE} edges {{ cursor node {{ body }} }} nodes {{ id }} }}
    events(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at action reason }} }}
    viewerCan {{ castBallot {PERMIT} appointScrutineer {PERMIT} acceptScrutiny {PERMIT}
      recordPaper {PERMIT} confirmPaper {PERMIT}
      voidPoll {PERMIT} voidDecision {PERMIT} tallyDecision {PERMIT}
      certifyResult {PERMIT} objectToResult {PERMIT} overturnDecision {PERMIT} }}"""
_TOPIC_CAN = f"""viewerCan {{ supportTopic {PERMIT} withdrawTopicSupport {PERMIT} withdrawTopic {PERMIT}
      screenTopic {PERMIT}
      convertToPetition {PERMIT} solicitViews {PERMIT} contributeToTopic {PERMIT} scheduleConsultation {PERMIT}
      recordTopicDiscussion {PERMIT} submitTopicToMeeting {PERMIT} publishResolution {PERMIT} startTopic {PERMIT}
      reportTopic {PERMIT} evaluateTopic {PERMIT} publishOutcome {PERMIT} shelveTopic {PERMIT} }}"""
_TOPIC = f"""id title body author {{ displayName }} state proposedAt supportCount goal viewerHasSupported
    screeningDueAt screenedAt screeningReason isImportant solicitedUntil report reportedAt evaluatedUntil outcome
    concludedAt shelvedUntil shelvingReason post {{ id }} petition {{ id }} becamePetition {{ id }} vote {{ id }}
    discussions {{ kind heldOn body }} origin {{ kind at node {{ __typename id }} }}
    events(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at action state body }} }}"""
OF_MEMBERS.update(
    {
        "votes, page by page": f"""query ($after: Cursor, $state: VoteState) {{ community {{
        votes(first: 4, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ {_VOTE} }} }} }} }}""",
        "meetings, page by page": f"""query ($after: Cursor) {{ community {{ meetings(first: 1, after: $after) {{
        {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id ruleCode title agenda location heldAt opensAt closesAt
          extendableUntil extendedAt extensionReason petition {{ id }}
          partyDiscussedOn partyRecord state noticedAt cancellationReason viewerIsOnRoll
          roll(first: 2) {{ {PAGE} edges {{ cursor node {{ voter {{ id }} }} }} nodes {{ voter {{ id }} }} }}
          attendance(first: 1) {{ {PAGE} edges {{ cursor node {{ voter {{ id }} }} }} nodes {{ voter {{ id }} }} }}
          objections(first: 3) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id kind author {{ id }} body
            state createdAt decidedAt decisionReason viewerCan {{ decideObjection {PERMIT} }} }} }}
          matters {{ id question }}
          viewerCan {{ addMatter {PERMIT} setMeetingRoll {PERMIT} noticeMeeting {PERMIT}
            cancelMeeting {PERMIT} extendVoting {PERMIT} recordAttendance {PERMIT} objectToRoll {PERMIT}
            recordAuthoritiesTold {PERMIT} recordService {PERMIT} assignCaster {PERMIT} registerProxy {PERMIT}
            revokeProxy {PERMIT} }} }} }} }} }}""",
        "assemblies, page by page": f"""query ($after: Cursor) {{ community {{ meetings(first: 1, after: $after) {{
        {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id
          assembly {{ organiser {{ id }} isSpecial toldOn toldDocument
            silence isElectronicAdmitted isParkingCounted rulesFrom rulesDecision
            area {{ id name }} }}
          viewerEntries {{ id area document voter {{ id }} owners {{ name }}
            service {{ way servedAt note enteredBy {{ id }} }} }}
          proxies(first: 1) {{ {PAGE} edges {{ cursor node {{ document }} }} nodes {{ document enteredAt
            entry {{ id }} holder {{ id }} instructions {{ marks vote {{ id }} }} }} }}
          attendance(first: 1) {{ nodes {{ entry {{ id parts {{ building room area }} }} }} }} }} }} }} }}""",
        "papers, page by page": f"""query ($after: Cursor) {{ community {{ votes(first: 2, after: $after) {{
        {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id buildings eligibleArea viewerBallots {{ entryId marks }}
          ballots(first: 1) {{ nodes {{ castBy {{ id }} entry {{ id }} }} }}
          papers(first: 1) {{ {PAGE} edges {{ cursor node {{ channel }} }} nodes {{ channel confirmedAt
            entry {{ id }} enteredBy {{ id }} confirmedBy {{ id }} }} }} }} }} }} }}""",
        "authorisations, page by page": f"""query ($after: Cursor) {{ community {{
        authorisations(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id matters way
          vote {{ id }} document decidedOn expiresOn state isInForce recordedAt recordedBy {{ id }}
          revokedAt revocationReason viewerCan {{ revokeAuthorisation {PERMIT} }} }} }}
        votes(first: 50) {{ nodes {{ authorisation {{ id }} }} }} }} }}""",
        "household claims, page by page": f"""query ($after: Cursor) {{ community {{
        householdClaims(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ namedAt }} }}
          nodes {{ namedAt isDisputed
          namedBy {{ id }} representative {{ id }}
          ruling {{ reason decidedAt representative {{ id }} }} }} }} }} }}""",
        "property areas, page by page": f"""query ($after: Cursor) {{ community {{
        propertyAreas(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id name
          rulesOfProcedure {{ effectiveFrom isInForce silence isElectronicAdmitted isParkingCounted decision }}
          parts(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id building room kind area areaSource
            isDevelopers owners {{ share owner {{ id }} }} viewerCan {{ deletePropertyPart {PERMIT} }} }} }}
          owners(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id number kind name
            member {{ id }} viewerCan {{ setOwnerMember {PERMIT} }} }} }}
          elections {{ startsOn endsOn document }}
          viewerCan {{ setOwnersRules {PERMIT} setOwnersElection {PERMIT} importOwners {PERMIT} }} }} }} }} }}""",
        "what waits for the viewer, page by page": f"""query ($after: Cursor) {{ viewer {{ pending {{
        votesToCast(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ id question }} }}
        meetingsToCall(first: 1) {{ {PAGE} edges {{ cursor }} nodes {{ owedDays petition {{ id title }} }} }}
        resultsToCertify(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id state }} }}
        objectionsToDecide(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id body }} }}
        }} }} }}""",
        "what is owed, page by page": f"""query ($after: Cursor, $state: ObligationState) {{ statutes {{ code kind about
        name source every days houseRules effectiveFrom }} community {{ openness {{ due inTime }}
        obligations(first: 2, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ {_OBLIGATION} }} }} }} }}""",
        "open affairs, page by page": f"""query ($after: Cursor, $code: String) {{ community {{
        openAffairs(first: 2, after: $after, code: $code) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id code
          name title body state draftedAt postedAt postedUntil returnReason withdrawnAt withdrawalReason
          obligation {{ id }} draftedBy {{ id }} confirmedBy {{ id }}
          questions(first: 3) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id kind body askedAt dueAt state
            answer answeredAt author {{ id }} affair {{ id }} viewerCan {{ answerAffairQuestion {PERMIT} }} }} }}
          viewerCan {{ confirmAffair {PERMIT} returnAffair {PERMIT} withdrawAffair {PERMIT}
            askAboutAffair {PERMIT} objectToAffair {PERMIT} complainAboutAffair {PERMIT} }} }} }} }} }}""",
        "complaints, page by page": f"""query ($after: Cursor) {{ community {{ affairComplaints(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ {_COMPLAINT} }} }} }} }}""",
        "appraisals, page by page": f"""query ($after: Cursor) {{ community {{ appraisals(first: 1, after: $after) {{
        {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id year state draftedAt endedAt vote {{ id }}
          members {{ name verdict fit unfit isOfficeEnded member {{ id }} }}
          viewerCan {{ publishAppraisal {PERMIT} }} }} }}
        meetings(first: 1) {{ nodes {{ viewerCan {{ draftAppraisal {PERMIT} }} }} }} }} }}""",
        "whom notices are for, page by page": f"""query ($after: Cursor) {{ board(slug: "notices") {{
        posts(first: 3, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id audience {{ buildings
          offices isAcknowledgementAsked isForViewer acknowledged viewerAcknowledgement {{ at }}
          acknowledgements(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at member {{ id }} }} }} }}
          viewerCan {{ acknowledgeNotice {PERMIT} }} }} }} }} }}""",
        "what else waits, page by page": f"""query ($after: Cursor) {{ viewer {{ pending {{
        appraisalsToPublish(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id }} }}
        noticesToAcknowledge(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id }} }} }} }} }}""",
        "what waits for the staff, page by page": f"""query ($after: Cursor) {{ viewer {{ pending {{
        obligationsToMeet(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id }} }}
        affairsToConfirm(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id }} }}
        affairQuestionsToAnswer(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id }} }}
        }} }} }}""",
        "topics, page by page": f"""query ($after: Cursor, $state: TopicState) {{ community {{
        topics(first: 2, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ {_TOPIC} }} }} }} }}""",
        "what may be done to topics": f"""{{ community {{ topics(first: 1) {{ nodes {{ id {_TOPIC_CAN} }} }} }} }}""",
        "what is said of topics": f"""query ($after: Cursor, $stance: TopicStance) {{ community {{ topics(first: 2) {{
        nodes {{ id contributions(first: 2, after: $after, stance: $stance) {{ {PAGE} edges {{ cursor node {{ id }} }}
            nodes {{ id author {{ displayName }} stance body createdAt answer answeredAt
              viewerCan {{ answerContribution {PERMIT} }} }} }}
          evaluations(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ satisfaction note
            at }} }} }} }} }} }}""",
        "consultations on topics": f"""{{ community {{ topics(first: 2) {{ nodes {{ id
          resolution {{ id topic {{ id }} consultation {{ id }} vote {{ id }} body execution dueOn publishedAt }}
          consultations(first: 2) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id topic {{ id }} form location
            heldAt state minutes agreements followUp recordedAt cancellationReason
            viewerCan {{ joinConsultation {PERMIT} recordConsultation {PERMIT} cancelConsultation {PERMIT} }} }} }}
        }} }} }} }}""",
        "projects, page by page": f"""query ($after: Cursor) {{ community {{ projects(first: 1, after: $after) {{
          {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id topic {{ id }} title body state budget spent
          progressPercent plannedAt startedAt report completedAt evaluatedUntil cancellationReason
          funds {{ source giver amount }} origin {{ kind }}
          milestones {{ id title dueOn reachedAt note images {{ width }} viewerCan {{ recordMilestone {PERMIT} }} }}
          evaluations(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ satisfaction note at }} }}
          events(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at action state body }} }}
          viewerCan {{ startProject {PERMIT} recordSpending {PERMIT} completeProject {PERMIT}
            cancelProject {PERMIT} evaluateProject {PERMIT} }} }} }} }} }}""",
        "what projects cost": f"""{{ community {{ topics(first: 1) {{ nodes {{ id projects(first: 1) {{ {PAGE}
          edges {{ cursor node {{ id }} }} nodes {{ id spendings(first: 2) {{ {PAGE} edges {{ cursor node {{ id }} }}
            nodes {{ id source amount spentOn purpose payee state enteredAt enteredBy {{ id }}
              firstAttestedBy {{ id }} attestedBy {{ id }} attestedAt voidReason
              viewerCan {{ attestSpending {PERMIT} voidSpending {PERMIT} }} }} }} }} }} }} }} }} }}""",
        "parties to consultations": f"""{{ community {{ topics(first: 2) {{ nodes {{ id
          consultations(first: 1) {{ nodes {{ id parties(first: 2) {{ {PAGE} edges {{ cursor node {{ id }} }}
            nodes {{ id member {{ id }} name isInvited hasAttended }} }} }} }} }} }} }} }}""",
        "the rules of decisions": """{ decisionRules { code name body source effectiveFrom effectiveTo quorum passing
        isLaw noticeDays objectionDays retentionYears electronicForm partyFirst certifiedBy houseRules }
        decisionMatters { code name source ruleCodes ruleCodesIfAuthorised } }""",
    }
)
_OF_PACTS = (
    "draftPact", "publishPactDraft", "cancelPact", "submitPactForReview", "decidePactReview",
    "submitPactToVote", "concludePactVote", "concludePact", "filePact", "orderPactCorrection",
    "repealPact", "setPactDraft", "suggestForPact", "submitPactRepeal", "signPact",
    "recordPactSignature",
)  # fmt: skip
OF_MEMBERS.update(
    {
        "pacts, page by page": f"""query ($after: Cursor, $state: PactState, $kind: PactKind) {{ community {{
        pacts(first: 1, after: $after, state: $state, kind: $kind) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ id kind title state community {{ id }} building propertyArea {{ id }} createdAt
          reviewDueAt isReviewOverdue adoptedAt attending womenAttending filingDueAt isFilingOverdue filedAt
          filingDocument inForceOn revisionOn isRevisionDue endedAt endingReason signatureCount version
          latestVersion {{ id number title textHash publishedAt }} viewerSignature {{ id state }} }} }} }} }}""",
        "a pact's parts": f"""query ($after: Cursor) {{ community {{ pacts(first: 1, after: $after) {{ {PAGE}
          nodes {{ id versions(first: 2) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ number
            clauses(first: 2) {{ {PAGE} edges {{ cursor node {{ number }} }}
              nodes {{ clauseId number heading body }} }} }} }}
          draft(first: 1) {{ {PAGE} edges {{ cursor node {{ number }} }} nodes {{ clauseId number heading body }} }}
          suggestions(first: 2) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id clauseId body state createdAt
            decidedAt decisionReason originalVersion {{ id }} version {{ id }} author {{ id }}
            viewerCan {{ decidePactSuggestion {PERMIT} withdrawPactSuggestion {PERMIT} }} }} }}
          events(first: 2) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at action state reason textHash }} }}
          }} }} }} }}""",
        "what becomes of a pact": f"""query ($after: Cursor) {{ community {{ pacts(first: 1, after: $after) {{ {PAGE}
          nodes {{ id matters(first: 1) {{ {PAGE} edges {{ cursor node {{ textHash }} }} nodes {{ purpose textHash
            pact {{ id }} vote {{ id pactMatter {{ textHash }} }} version {{ id }} }} }}
          submissions(first: 1) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id purpose textHash submittedAt
            dueAt isOverdue answeredAt outcome reason pact {{ id }} version {{ id }}
            findings {{ item isMet note }} }} }}
          signatures(first: 3) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id building room channel state
            createdAt withdrawnAt version {{ id }} viewerCan {{ confirmPactSignature {PERMIT}
            withdrawPactSignature {PERMIT} }} }} }} }} }} }} }}""",
        "what may be done to a pact": f"""query ($id: ID!) {{ node(id: $id) {{ ... on Pact {{ viewerCan {{
          {" ".join(f"{verb} {PERMIT}" for verb in _OF_PACTS)} }} }} }} }}""",
        "what changed in a pact": f"""query ($id: ID!, $since: ID!) {{ node(id: $id) {{ ... on PactVersion {{
          differences(sinceId: $since, first: 1) {{ {PAGE} edges {{ cursor node {{ toNumber }} }} nodes {{ kind
          clauseId fromNumber toNumber isMoved heading body }} }} }} }} }}""",
        "how pacts are made": """{ pactProcesses { kind communityKind stages source matter reviewSource reviewDays
        filingSource filingDays leastSignatures houseRules } }""",
    }
)
_RATE = "{ numerator denominator isTooFew }"
_RATES = f"""response {_RATE} resolution {_RATE} satisfaction {_RATE}
    exclusions {{ emergency otherLegalRoute noNewFacts withdrawnOrMerged }}"""
_ORDER = f"""id state body dueAt isOverdue issuedAt acknowledgedAt report reportedAt returnReason acceptedAt
    community {{ id }} overduePetition {{ id }} petition {{ id title }} department {{ id }}
    viewerCan {{ acknowledgeSupervisionOrder {PERMIT} reportSupervisionOrder {PERMIT}
      acceptSupervisionReport {PERMIT} returnSupervisionReport {PERMIT} }}
    events(first: 1) {{ {PAGE} edges {{ cursor node {{ at }} }} nodes {{ at state body }} }}"""
OF_MEMBERS.update(
    {
        "rates, page by page": f"""query ($after: Cursor) {{ rateDefinitions {{ kind chinese english fewest }}
        community {{ petitionTrend(first: 3, after: $after) {{ {PAGE} edges {{ cursor node {{ month }} }}
          nodes {{ month category {{ id }} {_RATES} }} }} }} }}""",
        "rates of categories, page by page": f"""query ($after: Cursor, $month: Month! = "2026-01",
        $category: ID) {{ community {{ petitionRates(first: 3, month: $month, after: $after,
          categoryId: $category) {{ {PAGE} edges {{ cursor node {{ month }} }}
          nodes {{ category {{ id }} {_RATES} }} }} }} }}""",
    }
)
OF_STAFF.update(
    {
        "orders, page by page": f"""query ($after: Cursor) {{ community {{ supervisionOrders(first: 7,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ {_ORDER} }} }} }} }}""",
    }
)
OF_READERS = {
    "who reads here, page by page": f"""query ($after: Cursor) {{ viewer {{ id displayName roles scopes }}
        community {{ viewerCan {{ inspectCommunity {PERMIT} }} apps(first: 1, after: $after) {{ {PAGE}
        edges {{ cursor node {{ id }} }}
          nodes {{ id name contact scopes state suspensionReason isRegisteredFromAbove createdAt secretAt
            oldSecretUntil clientId community {{ name }} viewerCan {{ rotateAppSecret {PERMIT}
            suspendApp {PERMIT} resumeApp {PERMIT} }} }} }} }} }}""",
    "who looked in, page by page": f"""query ($after: Cursor) {{ community {{
        inspections(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id displayName reason
          startedAt endsAt street {{ name }} }} }} }}
        board(slug: "neighbours") {{ posts(first: 3) {{ nodes {{ id author {{ displayName }}
          comments(first: 3) {{ nodes {{ id body }} }} }} }} }} }}""",
}
OF_ADMINS = {
    "what communities owe, page by page": f"""query ($after: Cursor, $state: ObligationState) {{ district {{
        obligations(first: 2, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ {_OBLIGATION} }} }} communities(first: 2) {{ nodes {{ openness {{ due inTime }} }} }} }} }}""",
    "complaints above, page by page": f"""query ($after: Cursor, $state: AffairComplaintState) {{ district {{
        affairComplaints(first: 1, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{ id }} }}
          nodes {{ {_COMPLAINT} }} }} }} }}""",
    "apps under an officer, page by page": f"""query ($after: Cursor) {{ district {{ apps(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor }} nodes {{ id name }} }} }} }}""",
    "rates added up": f"{{ district {{ petitionTrend {{ month communityCount {_RATES} }} }} }}",
    "communities ranked, page by page": f"""query ($after: Cursor, $month: Month! = "2026-01") {{
        district {{ petitionRanking(first: 1, after: $after, month: $month) {{ {PAGE}
          edges {{ cursor node {{ community {{ name }} }} }} nodes {{ community {{ id }} {_RATES} }} }} }} }}""",
    "overdue cases, page by page": f"""query ($after: Cursor) {{ district {{ overduePetitions(first: 9,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id community {{ id }} category {{ id }}
          kind urgency level state submittedAt respondedAt resolveDueAt isOverdue petition {{ id }}
          viewerCan {{ issueSupervisionOrder {PERMIT} }} }} }} }} }}""",
    "texts of pacts handed in, page by page": f"""query ($after: Cursor) {{ district {{
        pactSubmissions(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id purpose
        outcome }} }} }} }}""",
    "meetings owed, page by page": f"""query ($after: Cursor) {{ district {{ owedMeetings(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ owedDays }} }} nodes {{ community {{ id }} rule {{ id source }}
          petition {{ id }} owedSince owedDays }} }} }} }}""",
    "appointments, page by page": f"""query ($after: Cursor) {{ district {{ appointments(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id displayName action endsAt reason state
          proposedAt decidedAt decisionReason community {{ name }} viewerCan {{ confirmAppointment {PERMIT}
          declineAppointment {PERMIT} }} }} }} nodes {{ id }} }} }} }}""",
    "appeals, page by page": f"""query ($after: Cursor, $state: StreetAppealState! = OPEN) {{
        district {{ appeals(first: 1, after: $after, state: $state) {{ {PAGE} edges {{ cursor node {{
          id kind state displayName suspendedUntil content reason body createdAt dueAt isOverdue
          decidedAt decisionReason community {{ name }} viewerCan {{ decideStreetAppeal {PERMIT} }} }} }}
          nodes {{ id }} }} }} }}""",
    "officers, page by page": f"""query ($after: Cursor) {{ district {{ officers(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id displayName roles state endsAt endedAt
          dismissalRequestedAt street {{ name }} department {{ name }} viewerCan {{ dismissOfficer {PERMIT}
          }} }} }} }} }}""",
    "invitations, page by page": f"""query ($after: Cursor) {{ district {{ invitations(first: 1,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id role displayName endsAt reason state
          invitedAt expiresAt decidedAt decisionReason street {{ name }} department {{ name }}
          officer {{ displayName }} viewerCan {{ confirmInvitation {PERMIT} declineInvitation {PERMIT} }}
          }} }} }} }}""",
}
OF_DISTRICT = {
    "orders from above, page by page": f"""query ($after: Cursor) {{ district {{ supervisionOrders(first: 7,
        after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ {_ORDER} }} }} }} }}""",
    "the queue of petitions, page by page": f"""query ($after: Cursor, $open: Boolean! = true,
        $overdue: Boolean) {{ district {{ petitionCategories {{ id }} timeLimits {{ urgency }}
          ruleConfirmations {{ ruleCode }}
          inbox(first: 2, after: $after, isOpen: $open, overdue: $overdue) {{ {PAGE}
          edges {{ cursor node {{ id }} }} nodes {{ {_LETTER} events(first: 3) {{ nodes {{ action body }} }}
            viewerCan {{ acceptPetition {PERMIT} assignPetition {PERMIT} answerPetition {PERMIT} }} }} }} }} }}""",
    "the officer": """{ viewer { id displayName roles scopes expiresAt member { id } officer { id state }
        community { id } district { id } } rateLimit { cost } }""",
    "the directory, page by page": f"""query ($after: Cursor, $street: ID, $kind: CommunityKind,
        $state: CommunityState, $name: String) {{ district {{ id code name streets {{ id code name }}
          communities(first: 3, after: $after, streetId: $street, kind: $kind, state: $state,
            name: $name) {{ {PAGE} nodes {{ id }} edges {{ cursor node {{ id code name kind state
            suspensionReason createdAt street {{ name }} counts {{ members posts comments }}
            boards {{ id }} board(slug: "notices") {{ id }} }} }} }} }} }}""",
    "departments, page by page": f"""query ($after: Cursor) {{ viewer {{ department {{ id }} }} district {{
        departments(first: 1, after: $after) {{ {PAGE} edges {{ cursor node {{ id }} }} nodes {{ id name duties state
          createdAt version street {{ name }} viewerCan {{ updateDepartment {PERMIT} closeDepartment
          {PERMIT} }} }} }} }} }}""",
    "places by their ids": """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Street { name } ... on District { name } ... on Community { name suspensionReason }
        ... on Invitation { decisionReason } } }""",
}
