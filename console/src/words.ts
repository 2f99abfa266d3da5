// What the page says, in both languages.

export type Language = 'zh' | 'en';

const WORDS = {
  title: ['邻里 开发者控制台', 'Linli developer console'],
  signIn: ['登录', 'Sign in'],
  nobody: ['未登录', 'Not signed in'],
  who: ['身份', 'Who you are'],
  demoPeople: ['演示：选择一位', 'Demo: be one of them'],
  production: ['粘贴访问令牌或刷新令牌', 'Paste an access or a refresh token'],
  token: ['令牌', 'Token'],
  useToken: ['使用', 'Use it'],
  memoryOnly: ['令牌只留在本页内存，关闭即忘。', 'Tokens stay in this page’s memory and are gone when it closes.'],
  signOut: ['退出', 'Forget the token'],
  place: ['社区', 'Community'],
  scopes: ['权限范围', 'Scopes'],
  expires: ['剩余', 'Expires in'],
  expired: ['已过期', 'Expired'],
  examples: ['示例', 'Examples'],
  others: ['其他角色', 'Other roles’'],
  yours: ['您可以运行', 'Yours to run'],
  for: ['限', 'For'],
  cost: ['费用', 'Cost'],
  left: ['余额', 'Left'],
  time: ['用时', 'Time'],
  last: ['上一次操作', 'Last operation'],
  problems: ['出了什么问题', 'What went wrong'],
  trace: ['追踪号', 'Trace'],
  close: ['关闭', 'Close'],
  statement: ['执行的 SQL', 'The SQL that ran'],
  gallery: ['示例栏', 'Gallery'],
  copied: ['已复制', 'Copied'],
  badVariables: ['变量不是有效的 JSON。', 'The variables are not valid JSON.'],
  curl: ['复制为 curl 命令', 'Copy as a curl command'],
  sdl: ['模式 SDL', 'Schema (SDL)'],
  language: ['English', '中文'],
  loading: ['正在载入模式…', 'Loading the schema…'],
  unreachable: ['载入模式失败，请刷新页面。', 'The schema could not be loaded: reload the page.'],
  welcome: [
    '# 先选一个身份，再选一个示例，按 ▶ 运行。',
    '# Choose who you are, then an example, and press ▶.',
  ],
} as const;

export type Word = keyof typeof WORDS;

export const say = (language: Language, word: Word): string => WORDS[word][language === 'zh' ? 0 : 1];

const ROLES: Record<string, [string, string]> = {
  GUEST: ['访客', 'Guest'],
  RESIDENT: ['居民', 'Resident'],
  COMMITTEE_MEMBER: ['居委成员', 'Committee member'],
  PARTY_SECRETARY: ['书记', 'Party secretary'],
  SUPERVISOR: ['监督员', 'Supervisor'],
  SEAT: ['专业席位', 'Professional'],
  REPRESENTATIVE: ['居民代表', 'Representative'],
  DISTRICT_ADMIN: ['区管理员', 'District admin'],
  DEPARTMENT_HANDLER: ['部门经办', 'Department handler'],
  APP: ['应用', 'App'],
  INSPECTOR: ['检查员', 'Inspector'],
};

export const role = (language: Language, name: string): string =>
  ROLES[name]?.[language === 'zh' ? 0 : 1] ?? name;
