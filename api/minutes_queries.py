"""Ask the API for the minutes of a meeting, in parts that each cost no more than one request may."""

_PAGE = "pageInfo { hasNextPage endCursor }"
_ENTRY = """id area voter { displayName } owners { name } parts { building room area }
  service { way servedAt }"""
MEETING = """query ($id: ID!) { node(id: $id) { ... on Meeting {
  title ruleCode agenda location noticedAt heldAt opensAt closesAt state
  assembly { silence isElectronicAdmitted isParkingCounted rulesFrom rulesDecision area { name } }
  matters { id }
  objections(first: 50) { nodes { kind body state decisionReason author { displayName } } } } } }"""
MATTER = """query ($id: ID!) { node(id: $id) { ... on Vote {
  question matter buildings state voidReason publishedAt options { label }
  result { outcome winners
    tallies { unit eligible participating votes against abstained void onPaper assisted byProxy silent }
    trace { isMet sentence } } } } }"""
ROLL = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  roll(first: 9, after: $after) {{ {_PAGE} nodes {{ {_ENTRY} }} }} }} }} }}"""
ATTENDANCE = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  attendance(first: 9, after: $after) {{ {_PAGE} nodes {{ entry {{ {_ENTRY} }} }} }} }} }} }}"""
PROXIES = f"""query ($id: ID!, $after: Cursor) {{ node(id: $id) {{ ... on Meeting {{
  proxies(first: 9, after: $after) {{ {_PAGE} nodes {{ document holder {{ displayName }}
    entry {{ {_ENTRY} }} }} }} }} }} }}"""
