import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { entryNamed, whyClosed } from '../../../upstream/catalogue/catalogue.ts'
import { type Vendor, vendors } from '../../../upstream/catalogue/entry.ts'

const pathsAtMost = 200

/**
 * The calls of vendors that a developer may have passed on, as they are stored. Those that it `had` may stay when a later version knows
 * them no more. Throws 1000 for one that is unknown or closed.
 */
export function readUpstreamPaths(given: readonly string[], had: ReadonlySet<string> = new Set()): string[] {
  const paths = [...new Set(given.map(one => one.trim().replace(/^\/?(api\/)?/, '')))]
  for (const path of paths) if (!had.has(path) && !entryNamed(path)) throw notOpen(path)
  if (paths.length > pathsAtMost)
    throw new ApiError('badParameter', {
      zh: told`可代调用的接口最多 ${own(pathsAtMost)} 个，请先去掉不用的`,
      en: told`a developer may pass on at most ${own(pathsAtMost)} calls: remove unused ones first`,
    })
  return paths.sort()
}

function notOpen(name: string): ApiError {
  const [vendor = '', ...rest] = name.split('/')
  const why = vendors.includes(vendor as Vendor) ? whyClosed(vendor as Vendor, rest.join('/')) : undefined
  if (why)
    return new ApiError('badParameter', {
      zh: told`${name} 不能代调用：${own(why.zh)}`,
      en: told`${name} is not passed on: ${own(why.en)}`,
    })
  return new ApiError('badParameter', {
    zh: told`代调用的目录里没有 ${name}；接口写成 wecom/checkin/getcheckindata，目录见 wisp developer paths`,
    en: told`${name} is not among the calls to pass on; write one as wecom/checkin/getcheckindata, and see wisp developer paths`,
  })
}

/** Returns the paths that are about people, in the given order. */
export function personalAmong(paths: readonly string[]): string[] {
  return paths.filter(path => entryNamed(path)?.isPersonal)
}

type Change = {
  before: readonly string[]
  after: readonly string[]
  hasDataScope: boolean
  /** A super administrator has said that these calls may tell about people. */
  isApproved: boolean
}

/**
 * What the vendor tells about people is not narrowed by a data scope, and is given only by an approval of its own. Throws 1000.
 */
export function checkPersonal({ before, after, hasDataScope, isApproved }: Change): void {
  const personal = personalAmong(after)
  const [first] = personal
  if (first !== undefined && hasDataScope)
    throw new ApiError('badParameter', {
      zh: told`${own(first)} 含个人信息，企业微信不按数据范围过滤，不能给设有数据范围的开发者`,
      en: told`${own(first)} returns personal data that WeCom does not limit to a data scope: a developer with a data scope cannot have it`,
    })
  const added = personal.filter(path => !before.includes(path))
  if (added.length > 0 && !isApproved)
    throw new ApiError('badParameter', {
      zh: told`${own(added.join('、'))} 含个人信息，须由超级管理员明确批准（approvePersonal，命令行 --approve-personal）`,
      en: told`${own(added.join(', '))} return personal data: a super administrator has to approve them explicitly (approvePersonal, --approve-personal on the command line)`,
    })
}
