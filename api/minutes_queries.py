"""Ask the API for the minutes of a meeting, in parts that each cost no more than one request may."""

_PAGE = "pageInfo { hasNextPage endCursor }"
_ENTRY = """id area voter { displayName } owners { name } parts { building room area }
  service { way servedAt }"""
MEETING = """query ($id: ID!) { node(id: $id) { ... on Meeting {
  title ruleCode agenda location noticedAt heldAt opensAt closesAt state
  extendedAt extensionReason partyDiscussedOn partyRecord
  assembly { silence isElectronicAdmitted isParkingCounted rulesFrom rulesDecision area { name }
    organiser { displayName } toldOn toldDocument }
  matters { id }
  objections(first: 50) { nodes { kind body state decisionReason author { displayName } } } } } }"""
MATTER = """query ($id: ID!) { node(id: $id) { ... on Vote {
  question matter buildings state voidReason publishedAt options { label }
  certifications { seat certifiedAt certifiedBy { displayName } }
  authorisation { decidedOn document vote { question } }
  result { outcome winners
    tallies { unit eligible attending onSite participating votes against abstained void
      onPaper assisted byProxy silent }
    trace { isMet sentence } } } } }"""
ROLL = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  roll(first: 9, after: $after) {{ {_PAGE} nodes {{ {_ENTRY} }} }} }} }} }}"""
ATTENDANCE = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  attendance(first: 9, after: $after) {{ {_PAGE} nodes {{ entry {{ {_ENTRY} }} }} }} }} }} }}"""
PROXIES = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  proxies(first: 9, after: $after) {{ {_PAGE} nodes {{ document holder {{ displayName }}
    entry {{ {_ENTRY} }} }} }} }} }} }}"""
# What an archive has beside.
RECORD = """query ($id: ID!) { node(id: $id) { ... on Vote {
  id secrecy method mostMarks seats noneOfThese publishedAt objectionsUntil overturnReason filePath
  authorisation { id matters way document decidedOn expiresOn }
  events(first: 50) { nodes { at action reason } } } } }"""
BALLOTS = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Vote {{
  ballots(first: 50, after: $after) {{ {_PAGE} nodes {{ marks channel entry {{ id area }} }} }} }} }} }}"""
PAPERS = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Vote {{
  papers(first: 50, after: $after) {{ {_PAGE} nodes {{ channel confirmedAt entry {{ id }} }} }} }} }} }}"""
