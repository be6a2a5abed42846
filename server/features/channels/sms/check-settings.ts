import { parseNetworks } from '../../../platform/config.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { type GatewaySettings, headerLines, isRule } from '../../../upstream/sms/gateway.ts'
import { type SmsSettings, wayOf } from './settings.ts'

type Endpoint = { endpoint?: string }

/**
 * Checks the settings of an SMS vendor; `nameOf` gives the name of a field in the error.
 * @throws ApiError 1000 for an invalid field.
 */
export function checkSms(given: SmsSettings, nameOf: (field: string) => string): SmsSettings {
  const { signName, receiptsFrom } = given
  if (/[【】]/.test(signName))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('signName'))} 不带【】`,
      en: told`${own(nameOf('signName'))} goes without 【】`,
    })
  if (receiptsFrom && !networksOf(receiptsFrom))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('receiptsFrom'))} 应为以逗号分隔的 IP 地址或网段`,
      en: told`${own(nameOf('receiptsFrom'))} should be IP addresses or networks with commas`,
    })
  if (given.vendor === 'http') checkGateway(given, nameOf)
  if (given.vendor === 'huawei') {
    checkUrl(given.address, nameOf('address'))
    delete (given as Endpoint).endpoint
  }
  const { endpoint: host } = given as Endpoint
  if (host && !/^(https:\/\/)?[A-Za-z0-9.-]+(:\d{1,5})?$/.test(host))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('endpoint'))} 应为 主机 或 主机:端口`,
      en: told`${own(nameOf('endpoint'))} should be host or host:port`,
    })
  return given
}

/** Undefined when some of it is no address. */
export function networksOf(text: string): ReturnType<typeof parseNetworks> | undefined {
  try {
    return parseNetworks(text.split(/[,，\s]+/).filter(Boolean), '')
  } catch {
    return undefined
  }
}

function checkGateway(given: GatewaySettings & Endpoint, nameOf: (field: string) => string): void {
  const [one, other] = ['0', '1'].map(value => given.url.replaceAll(/\{[\w.]+\}/g, value))
  checkUrl(one!, nameOf('url'))
  // Developers give the values, and do not choose where the key goes.
  if (URL.parse(one!)?.origin !== URL.parse(other!)?.origin)
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('url'))} 的主机和端口不能用占位符`,
      en: told`${own(nameOf('url'))} takes no placeholders in its host and port`,
    })
  delete given.endpoint
  for (const field of ['sentWhen', 'refusedWhen'] as const)
    if (given[field] && !isRule(given[field]))
      throw new ApiError('badParameter', {
        zh: told`${own(nameOf(field))} 应写作 路径=值|值，例如 code=0|00`,
        en: told`${own(nameOf(field))} should be path=value|value, such as code=0|00`,
      })
  const wrong = headerLines(given.headers).find(([name]) => !headerName.test(name))
  if (wrong)
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('headers'))} 的“${wrong[0]}”不能作请求头；一行一个，写作 名称: 值`,
      en: told`${own(nameOf('headers'))}: ${wrong[0]} cannot be a header; one a line, as Name: value`,
    })
}

/** What belongs to the connection is not theirs to set. */
const headerName =
  /^(?!(host|content-length|transfer-encoding|connection|expect|upgrade|te|trailer|keep-alive)$)[\w!#$%&'*+.^`|~-]+$/

/** Where it leads is judged at each call (platform/security/outbound-policy.ts). */
function checkUrl(text: string, name: string): void {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 应为 http:// 或 https:// 地址`,
    en: told`${own(name)} should be an http:// or https:// address`,
  })
}

/** Checks that vendors have different names. @throws ApiError 1000 if two have the same. */
export function checkVendors(vendors: readonly SmsSettings[]): void {
  const ways = vendors.map(wayOf)
  const twice = ways.find((way, at) => ways.indexOf(way) !== at)
  if (twice !== undefined)
    throw new ApiError('badParameter', {
      zh: told`有两家短信服务商都叫 ${own(twice)}：请给其中一家填短名`,
      en: told`two SMS vendors are called ${own(twice)}: give one of them a short name`,
    })
}
