/** A text in both languages of the site. */
export type Words = { zh: string; en: string }

/** A group of the navigation; `pages` are files below `content/zh` and `content/en`, without `.md`, in order. */
export type Chapter = { title: Words; pages: readonly string[] }

/**
 * The order of the written pages. What follows them is made of the declarations and needs no row here: the reference
 * (`/docs/reference/user-get` for `/api/user/get`: the path without `/api/`, its parts joined by `-`), the files of
 * `examples/` (`/docs/examples/python`), and the errors (`/docs/errors/1005`), whose texts are in `errors/<code>.md`.
 *
 * A page begins with `# Title` and a paragraph that is its summary. Links between pages are written without a language, as
 * `/docs/guides/bills`, and lead to the same language; `GET /api/user/get` and `1005` between backticks become links
 * by themselves.
 */
export const chapters: readonly Chapter[] = [
  { title: { zh: '开始', en: 'Start' }, pages: ['quick-start'] },
  {
    title: { zh: '指南', en: 'Guides' },
    pages: [
      'guides/which-sign-in',
      'guides/sign-in',
      'guides/openid-connect',
      'guides/cas',
      'guides/ldap',
      'guides/sign-in-errors',
      'guides/popups-and-pickers',
      'guides/js-sdk',
      'guides/menu-sync',
      'guides/send-by-type',
      'guides/message-types',
      'guides/message-timing',
      'guides/message-approval',
      'guides/messages',
      'guides/message-channels',
      'guides/which-channel',
      'guides/old-senders',
      'guides/embedded-inbox',
      'guides/codes',
      'guides/cards',
      'guides/external-people',
      'guides/groups',
      'guides/people-sources',
      'guides/changes-and-webhooks',
      'guides/official-accounts',
      'guides/agents',
      'guides/todos',
      'guides/approvals',
      'guides/todos-from-oa',
      'guides/todos-from-weaver',
      'guides/todos-from-seeyon',
      'guides/todos-from-landray',
      'guides/bills',
      'guides/passthrough',
      'guides/packets',
      'guides/packet-format',
      'guides/limits',
      'guides/server-sdk',
      'guides/mcp',
    ],
  },
  {
    title: { zh: '上线与运维', en: 'Going live and operating' },
    pages: [
      'guides/going-live',
      'guides/moving-from-2019',
      'guides/moving-from-apereo-cas',
      'guides/operating',
      'guides/many-corps',
      'guides/suspend-and-delete',
      'guides/backups',
      'guides/management',
      'guides/request-log',
      'guides/siem',
      'guides/retention',
      'guides/personal-data',
      'guides/three-administrators',
      'guides/compliance',
      'guides/compatibility',
      'guides/api-changelog',
    ],
  },
]
