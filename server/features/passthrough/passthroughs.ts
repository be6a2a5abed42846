import type { Agent, Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { text } from '../../platform/http/input.ts'
import { passthrough } from '../../platform/http/passthrough/passthrough.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { catalogue, type NamedEntry } from '../../upstream/catalogue/catalogue.ts'
import type { Account, Accounts } from '../official/accounts/accounts.ts'
import { agentOfDeveloper } from './agent-of-developer.ts'
import { checkGranted, findOpen } from './check-granted.ts'
import { checkPassed, checkQuery } from './check-passed.ts'
import { passedAtMost, passOn } from './pass-on.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; accounts: Accounts }

const known = () => catalogue.map(one => `/api/${one.name}`)

const about = {
  zh: '平台加上 access_token，其余的查询参数和请求体（JSON 至多 2 MB，multipart 至多 20 MB）原样发出；应答的 body 就是上游的 JSON（含 errcode），文件则原样返回。只能调用授予此开发者的接口。做法见指南「代调用」。',
  en: 'The platform adds the access_token and sends the rest of the query and the body (JSON of at most 2 MB, or multipart of at most 20 MB) as they came; the `body` of the answer is the JSON of the vendor with its errcode, and files are sent as they are. Only calls that the developer was given can be made. See the guide "Passthrough".',
} as const

/** 代调用 of WeCom, in the name of one of the developer's applications. */
export const wecomPassthrough = passthrough({
  prefix: '/api/wecom/',
  folder: 'cgi-bin/',
  summary: { zh: '代调用企业微信的接口', en: 'Have a call of WeCom passed on' },
  description: about,
  scope: 'upstream:call',
  group: 'write',
  input: {
    agentId: text(
      {
        zh: '以哪个应用的名义：此开发者启用的应用的 id，或它关联的企业微信应用 id',
        en: 'In whose name: the id of an enabled app of this developer, or of its application in WeCom',
      },
      { max: 64, pattern: /^10\d{5}$/ },
    ),
  },
  logged: ['agentId'],
  bodyAtMost: passedAtMost,
  errors: ['unknownDeveloper', 'upstream'],
  sample: {
    path: 'oa/meetingroom/list',
    input: { agentId: '1000002' },
    body: {
      errcode: 0,
      errmsg: 'ok',
      meetingroom_list: [{ meetingroom_id: 1, name: '18F-会议室', capacity: 10 }],
    },
  },
  find: path => findOpen('wecom', path),
  known,
  async check(ctx: Needs, { developer, entry, input, query }) {
    checkGranted(developer, entry)
    const agent = await agentOfDeveloper(ctx, developer, input.agentId)
    checkQuery(query, agent.agentId)
    return { agent, entry } satisfies { agent: Agent; entry: NamedEntry }
  },
  async handle(_ctx, { agent, entry }, passed) {
    await checkPassed(passed, agent.agentId)
    return passOn(agent.forward, entry, passed)
  },
})

/** The same of official accounts. */
export const officialPassthrough = passthrough({
  prefix: '/api/official/',
  folder: 'cgi-bin/',
  summary: { zh: '代调用公众号的接口', en: 'Have a call of an official account passed on' },
  description: about,
  scope: 'upstream:call',
  group: 'write',
  input: {
    account: text(
      { zh: '公众号的原始 ID（gh_…）', en: 'Original id of the official account (gh_…)' },
      { max: 64, pattern: /^gh_[0-9a-f]{12}$/ },
    ),
  },
  logged: ['account'],
  bodyAtMost: passedAtMost,
  errors: ['unknownDeveloper', 'upstream'],
  sample: {
    path: 'shorten/gen',
    input: { account: 'gh_3c884a361561' },
    body: { errcode: 0, errmsg: 'ok', short_key: 'xx8dg4dlAfe5zAy' },
  },
  find: path => findOpen('official', path),
  known,
  async check(ctx: Needs, { developer, entry, input, query }) {
    checkOn(ctx, developer.corpId, 'official')
    checkGranted(developer, entry)
    checkQuery(query, undefined)
    return { account: accountGranted(ctx, developer, input.account), entry }
  },
  async handle(_ctx, { account, entry }, passed) {
    await checkPassed(passed, undefined)
    return passOn(account.forward, entry, passed)
  },
})

/** Throws 1002, also for an account that the developer may not use, and 1009 for one that is disabled. */
function accountGranted({ accounts }: Needs, { corpId, accounts: granted }: Caller, id: string): Account {
  const account = accounts.find(id)
  if (account?.corpId !== corpId || granted?.has(id) === false)
    throw new ApiError('unknownDeveloper', {
      zh: told`account ${id}：没有授予此开发者的公众号`,
      en: told`account ${id} is no official account that this developer may use`,
    })
  if (account.enabled) return account
  throw new ApiError('forbidden', { zh: '公众号已停用', en: 'the official account is disabled' })
}
