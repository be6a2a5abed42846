import { readServices } from '../../app-sign-in/services.ts'
import type { SignInSettings } from '../../app-sign-in/setting/settings.ts'
import { type NarrowedPattern, narrow } from './narrow.ts'
import type { RegistryFile } from './registry.ts'
import { readReleased, userNameFieldOf } from './released.ts'

export type Outcome = 'taken' | 'narrowed' | 'refused'

/** The plan for a service. `settings` is undefined if the service is refused. */
export type ServicePlan = {
  id: string
  path: string
  name: string
  pattern: string
  outcome: Outcome
  /** What becomes narrower, or why the service is refused. */
  notes: string[]
  settings: SignInSettings | undefined
  /** The app starts switched off: an administrator has to set who sees it. */
  isOff: boolean
}

export type PlanOptions = {
  allowsHttp: boolean
  /** The field of user names if the registry names no attribute. */
  userNameField: string
  now: Date
  /** Literal prefixes that an administrator gives in the place of a service's pattern, by the service's id. */
  prefixes: ReadonlyMap<string, readonly string[]>
}

const ofCas =
  /^org\.(apereo|jasig)\.cas\.services\.(CasRegisteredService|RegexRegisteredService|RegisteredServiceImpl)$/
const nameAtMost = 40

/** Plans what becomes of a file of the registry (docs/upstream/cas.md#apereos-registry). Nothing is ever wider than it was. */
export function planService(file: RegistryFile, options: PlanOptions): ServicePlan {
  const { id, path, service = {} } = file
  const text = (name: string) => (typeof service[name] === 'string' ? service[name] : '')
  const planned = {
    id,
    path,
    pattern: text('serviceId'),
    name: (text('name') || path.replace(/^.*\/|-\d+\.json$/g, '')).trim().slice(0, nameAtMost),
  }
  const refusal = file.service ? whyRefused(service, options) : file.fault
  if (refusal !== '') return { ...planned, ...refused([refusal]) }
  const { services, notes } = servicesOf(id, planned.pattern, options)
  if (services.length === 0) return { ...planned, ...refused([...notes, askForPrefix(id)]) }
  if (services.length > 20) return { ...planned, ...refused(['服务地址超过 20 个']) }
  const userName = userNameFieldOf(objectOf(service['usernameAttributeProvider']), options.userNameField)
  if ('refused' in userName) return { ...planned, ...refused([userName.refused]) }
  const released = readReleased(objectOf(service['attributeReleasePolicy']))
  const rest = readRest(service)
  const all = [...notes, ...userName.notes, ...released.notes, ...rest.notes]
  const { singleLogout, logoutUri, leastAcr, isOff } = rest
  return {
    ...planned,
    outcome: all.length > 0 ? 'narrowed' : 'taken',
    notes: all,
    isOff,
    settings: {
      kind: 'cas',
      leastAcr,
      userNameField: userName.field,
      attributes: released.attributes,
      cas: { services, allowsHttp: options.allowsHttp, attributesInV2: true, singleLogout, logoutUri },
    },
  }
}

/** Java's regular expressions say more than can be narrowed; a prefix that an administrator gives counts in their place. */
function servicesOf(id: string, pattern: string, { prefixes, allowsHttp }: PlanOptions): NarrowedPattern {
  const given = prefixes.get(id)
  if (!given) return narrow(pattern, allowsHttp)
  return { services: readServices(given, '--prefix', allowsHttp), notes: ['按 --prefix 给出的地址'] }
}

function askForPrefix(id: string): string {
  return `可以用 --prefix ${id}=https://… 给出字面的地址前缀`
}

function refused(notes: string[]): Pick<ServicePlan, 'outcome' | 'notes' | 'settings' | 'isOff'> {
  return { outcome: 'refused', notes, settings: undefined, isOff: false }
}

/** Returns why the service is refused whatever its pattern is; '' if it is not. */
function whyRefused(service: Record<string, unknown>, { now }: PlanOptions): string {
  const kind = String(service['@class'] ?? '')
  if (/oidc|oauth/i.test(kind)) return '是 OpenID Connect 或 OAuth 客户端，请另设为 OpenID Connect'
  if (/saml/i.test(kind)) return '是 SAML 服务，wisp 不支持'
  if (!ofCas.test(kind)) return `不认识的类型 ${kind.slice(0, 100)}`
  if (typeof service['serviceId'] !== 'string' || service['serviceId'] === '') return '没有 serviceId'
  const matching = String(objectOf(service['matchingStrategy'])['@class'] ?? '')
  if (/Partial|Groovy|Aggregate/i.test(matching)) return '匹配方式不是完整匹配'
  if (/Literal/i.test(matching)) return '按字面匹配一个地址，按前缀会更宽，请手工添加'
  if (objectOf(service['accessStrategy'])['enabled'] === false) return '在 Apereo 里已停用'
  const protocols = service['supportedProtocols']
  if (Array.isArray(protocols) && protocols.length > 0 && !protocols.some(one => /^CAS/i.test(String(one))))
    return `只用于 ${protocols.join('、')}`
  const end = objectOf(service['expirationPolicy'])['expirationDate']
  if (typeof end === 'string' && Date.parse(end) <= now.getTime()) return `已于 ${end} 到期`
  return ''
}

type Rest = { singleLogout: boolean; logoutUri: string; leastAcr: 1 | 3; isOff: boolean; notes: string[] }

function readRest(service: Record<string, unknown>): Rest {
  const notes: string[] = []
  const access = objectOf(service['accessStrategy'])
  const isOff = ['requiredAttributes', 'rejectedAttributes'].some(
    name => Object.keys(objectOf(access[name])).filter(key => key !== '@class').length > 0,
  )
  if (isOff || /Groovy|Remote|TimeBased|Surrogate/i.test(String(access['@class'] ?? '')))
    notes.push('按属性限制谁能进入：请改为应用的可见范围，再启用应用')
  if (access['ssoEnabled'] === false) notes.push('每次都要登录 (ssoEnabled false)：请让应用使用 renew')
  const factors = objectOf(service['multifactorPolicy'])['multifactorAuthenticationProviders']
  const needsFactor = Array.isArray(factors) && factors.length > 0
  const logoutType = String(service['logoutType'] ?? 'BACK_CHANNEL')
  if (logoutType === 'FRONT_CHANNEL') notes.push('浏览器端的退出通知不支持')
  const proxy = String(objectOf(service['proxyPolicy'])['@class'] ?? '')
  if (proxy !== '' && !/Refuse/i.test(proxy)) notes.push('代理票据不支持')
  const given = String(service['logoutUrl'] ?? '')
  const logoutUri = /^https?:\/\/[^\s,]+$/.test(given) ? given : ''
  if (given !== '' && logoutUri === '') notes.push('logoutUrl 不是一个地址，略去')
  return {
    notes,
    logoutUri,
    leastAcr: needsFactor ? 3 : 1,
    singleLogout: logoutType === 'BACK_CHANNEL',
    isOff: notes.some(note => note.includes('谁能进入')),
  }
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
