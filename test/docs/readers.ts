/**
 * What the four readers of the site ask, six questions each, fixed before the pages were written: the page that answers, and words of the
 * answer in each language. From the first page of the site each is two clicks away.
 */
export type ReaderQuestion = { question: string; page: string; zh: RegExp; en: RegExp }

export const readers: Readonly<
  Record<'decides' | 'builds' | 'operates' | 'contributes', readonly ReaderQuestion[]>
> = {
  decides: [
    {
      question: 'What does wisp not do?',
      page: 'overview/what-wisp-does-not-do',
      zh: /不/,
      en: /does not/,
    },
    {
      question: 'How much memory do 100,000 members need?',
      page: 'overview/requirements',
      zh: /GB/,
      en: /GB/,
    },
    {
      question: 'Which PostgreSQL does it need?',
      page: 'overview/requirements',
      zh: /15 或更新/,
      en: /15 or later/,
    },
    {
      question: 'Which data leaves the organisation?',
      page: 'overview/security',
      zh: /WISP_OUTBOUND/,
      en: /WISP_OUTBOUND/,
    },
    {
      question: 'How quick is it, on which machine?',
      page: 'overview/performance',
      zh: /毫秒|秒/,
      en: /ms|seconds/,
    },
    {
      question: 'What is a developer, and what is an app?',
      page: 'overview/concepts',
      zh: /devSecret/,
      en: /devSecret/,
    },
  ],
  builds: [
    {
      question: 'How do I pass the devToken?',
      page: 'build/conventions',
      zh: /Authorization/,
      en: /Authorization/,
    },
    { question: 'Which scope does my call need?', page: 'build/scopes', zh: /1009/, en: /1009/ },
    {
      question: 'May I repeat a call whose answer was lost?',
      page: 'build/errors-and-retries',
      zh: /requestId/,
      en: /requestId/,
    },
    {
      question: 'Which way of signing in fits my application?',
      page: 'build/which-sign-in',
      zh: /CAS/,
      en: /CAS/,
    },
    {
      question: 'How do I verify a webhook?',
      page: 'build/webhooks',
      zh: /webhook-signature/,
      en: /webhook-signature/,
    },
    {
      question: 'How do I send a message to a department?',
      page: 'build/messages',
      zh: /toParty|部门/,
      en: /toParty|department/,
    },
  ],
  operates: [
    {
      question: 'How do I install it with Docker?',
      page: 'run/install',
      zh: /docker compose/,
      en: /docker compose/,
    },
    {
      question: 'Which environment variables are there?',
      page: 'run/configuration',
      zh: /WISP_DATABASE_URL/,
      en: /WISP_DATABASE_URL/,
    },
    {
      question: 'How do I upgrade without an interruption?',
      page: 'run/upgrade',
      zh: /滚动|逐个/,
      en: /rolling|one (node )?at a time|one by one/i,
    },
    { question: 'An alert came: what do I do?', page: 'run/alerts', zh: /提醒|告警/, en: /alert/i },
    { question: 'How do I restore a backup?', page: 'run/backups', zh: /恢复/, en: /restore/i },
    {
      question: 'Who may do what in the console?',
      page: 'run/roles',
      zh: /系统超级管理员/,
      en: /system super administrator/i,
    },
  ],
  contributes: [
    { question: 'How do I run the tests?', page: 'overview/contribute', zh: /npm test/, en: /npm test/ },
    {
      question: 'How is the code divided?',
      page: 'overview/contribute',
      zh: /ARCHITECTURE/,
      en: /ARCHITECTURE/,
    },
    {
      question: 'Where are the conventions of code?',
      page: 'overview/contribute',
      zh: /CONTRIBUTING/,
      en: /CONTRIBUTING/,
    },
    {
      question: 'Why is something done as it is?',
      page: 'overview/contribute',
      zh: /docs\/decisions/,
      en: /docs\/decisions/,
    },
    { question: 'What did this version change?', page: 'changelog', zh: /0\.4\.0/, en: /0\.4\.0/ },
    {
      question: 'What must never change on the wire?',
      page: 'build/compatibility',
      zh: /openapi/i,
      en: /openapi/i,
    },
  ],
}
