/** A text in both languages of the site. */
export type Words = { zh: string; en: string }

/** A group of the navigation; `pages` are files below `content/zh` and `content/en`, without `.md`, in order. */
export type Chapter = { title: Words; pages: readonly string[] }

/** A part of the site with a first page of its own at `/docs/<name>`. What belongs to `reference` is made of the declarations. */
export type SiteSection = {
  name: 'overview' | 'start' | 'build' | 'run' | 'reference'
  title: Words
  summary: Words
  chapters: readonly Chapter[]
}

/**
 * The order of the written pages. What follows them is made of the declarations and needs no row here: the reference
 * (`/docs/reference/user-get` for `/api/user/get`: the path without `/api/`, its parts joined by `-`), the files of
 * `examples/` (`/docs/examples/python`), and the errors (`/docs/errors/1005`), whose texts are in `errors/<code>.md`.
 *
 * A page begins with `# Title` and a paragraph that is its summary. Links between pages are written without a language, as
 * `/docs/build/payments`, and lead to the same language; `GET /api/user/get` and `1005` between backticks become links
 * by themselves. A page that moves leaves a row in `moved.ts`.
 */
export const siteSections: readonly SiteSection[] = [
  {
    name: 'overview',
    title: { zh: '了解', en: 'Overview' },
    summary: {
      zh: '面向决策者：wisp 的能力与边界、运行要求、安全与隐私、性能。',
      en: 'For decision makers: capabilities and limits of wisp, requirements, security and privacy, performance.',
    },
    chapters: [
      {
        title: { zh: '了解 wisp', en: 'About wisp' },
        pages: [
          'overview/what-wisp-is',
          'overview/concepts',
          'overview/how-it-works',
          'overview/requirements',
          'overview/security',
          'overview/performance',
          'overview/what-wisp-does-not-do',
          'overview/contribute',
        ],
      },
    ],
  },
  {
    name: 'start',
    title: { zh: '入门', en: 'Start' },
    summary: {
      zh: '在自己的电脑上启动 wisp，发送第一条消息，选择要对接的内容。',
      en: 'Start wisp on your computer, send a first message, and choose what to integrate.',
    },
    chapters: [{ title: { zh: '入门', en: 'Start' }, pages: ['start/quick-start', 'start/choose'] }],
  },
  {
    name: 'build',
    title: { zh: '开发', en: 'Build' },
    summary: {
      zh: '面向应用开发者：对接登录、消息、通讯录、待办、公众号与支付。',
      en: 'For developers of applications: sign-in, messages, address book, to-dos, official accounts and payments.',
    },
    chapters: [
      {
        title: { zh: '基础', en: 'Basics' },
        pages: ['build/conventions', 'build/scopes', 'build/errors-and-retries', 'build/limits'],
      },
      {
        title: { zh: '登录', en: 'Sign-in' },
        pages: [
          'build/which-sign-in',
          'build/sign-in',
          'build/openid-connect',
          'build/cas',
          'build/ldap',
          'build/sign-in-problems',
        ],
      },
      {
        title: { zh: '工作台', en: 'Workbench' },
        pages: ['build/popups-and-pickers', 'build/menu-sync', 'build/js-sdk', 'build/embedded-inbox'],
      },
      {
        title: { zh: '消息', en: 'Messages' },
        pages: [
          'build/messages',
          'build/message-types',
          'build/message-timing',
          'build/which-channel',
          'build/message-channels',
          'build/cards',
          'build/receive-messages',
          'build/send-by-type',
          'build/message-approval',
          'build/codes',
          'build/old-senders',
        ],
      },
      {
        title: { zh: '通讯录与事件', en: 'Address book and events' },
        pages: ['build/change-feed', 'build/webhooks', 'build/groups', 'build/external-people'],
      },
      {
        title: { zh: '待办与审批', en: 'To-dos and approvals' },
        pages: [
          'build/todos',
          'build/todo-reminders',
          'build/approvals',
          'build/todos-from-oa',
          'build/todos-from-weaver',
          'build/todos-from-seeyon',
          'build/todos-from-landray',
        ],
      },
      {
        title: { zh: '公众号、支付与其他', en: 'Official accounts, payments and more' },
        pages: [
          'build/official-accounts',
          'build/payments',
          'build/mini-program-payment',
          'build/passthrough',
          'build/packets',
          'build/packet-format',
          'build/mcp',
        ],
      },
      {
        title: { zh: 'SDK 与迁移', en: 'SDK and migration' },
        pages: [
          'build/sdk',
          'build/moving-from-2019',
          'build/moving-from-apereo-cas',
          'build/compatibility',
          'build/api-changelog',
        ],
      },
    ],
  },
  {
    name: 'run',
    title: { zh: '运行', en: 'Run' },
    summary: {
      zh: '面向部署、运维与管理：安装、接入企业、监控、备份、升级、角色。',
      en: 'For operators and administrators: installation, corps, monitoring, backups, upgrades and roles.',
    },
    chapters: [
      {
        title: { zh: '安装', en: 'Install' },
        pages: ['run/install', 'run/configuration', 'run/connect'],
      },
      {
        title: { zh: '运维', en: 'Operate' },
        pages: [
          'run/monitoring',
          'run/alerts',
          'run/backups',
          'run/point-in-time-restore',
          'run/upgrade',
          'run/troubleshooting',
        ],
      },
      {
        title: { zh: '管理', en: 'Administer' },
        pages: [
          'run/roles',
          'run/help-desk',
          'run/people-sources',
          'run/many-corps',
          'run/request-log',
          'run/siem',
          'run/retention',
          'run/personal-data',
          'run/suspend-and-delete',
          'run/three-administrators',
          'run/compliance',
        ],
      },
      {
        title: { zh: '扩展', en: 'Scale' },
        pages: [
          'run/several-nodes',
          'run/haproxy',
          'run/pgbouncer',
          'run/database-failover',
          'run/two-data-centres',
        ],
      },
      {
        title: { zh: '命令与文件', en: 'Commands and files' },
        pages: ['run/command-line', 'run/management', 'run/settings-file'],
      },
    ],
  },
  {
    name: 'reference',
    title: { zh: '参考', en: 'Reference' },
    summary: {
      zh: '全部接口、事件、权限、错误码与示例，由声明生成。',
      en: 'All calls, events, scopes, error codes and examples, generated from the declarations.',
    },
    chapters: [],
  },
]

export const chapters: readonly Chapter[] = siteSections.flatMap(section => section.chapters)
