import { readFile } from 'node:fs/promises'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { type CommandPart, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { choice, integer, integers, list, text, toggle } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visibility } from '../app.ts'
import type { AppSettings } from '../apps.ts'
import { iconBytesAtMost } from '../icons.ts'
import { visibilityOf } from '../visibility.ts'

const icon: CommandPart<string | undefined> = {
  ...text('--icon <file>', {
    zh: 'PNG、JPEG 或 WebP 图标，最多 200 kB',
    en: 'icon: PNG, JPEG or WebP, 200 kB at most',
  }),
  kind: 'file',
}

/** Options of commands that say who sees something on the workbench. */
export const audienceParts = {
  everyone: toggle('--everyone', { zh: '全员可见', en: 'visible to everyone' }),
  departments: integers('--departments <ids>', {
    zh: '可见部门（含下级），逗号分隔',
    en: 'visible to departments (with their subdepartments), separated by commas',
  }),
  tags: integers('--tags <ids>', { zh: '可见标签，逗号分隔', en: 'visible to tags, separated by commas' }),
  members: list('--members <userIds>', {
    zh: '可见成员，逗号分隔',
    en: 'visible to members, separated by commas',
  }),
}

type GivenAudience = {
  everyone: boolean
  departments: number[] | undefined
  tags: number[] | undefined
  members: string[] | undefined
}

/** Options that `app add` and `app set` share. */
export const appParts = {
  homeUrl: text('--home-url <url>', { zh: '电脑端主页', en: 'home page on computers' }),
  mobileUrl: text('--mobile-url <url>', {
    zh: '手机端主页；不填则用电脑端主页',
    en: 'home page on phones; by default that on computers',
  }),
  category: text('--category <text>', { zh: '工作台中的分类', en: 'category on the workbench' }),
  description: text('--description <text>', { zh: '简介', en: 'short description' }),
  sortNo: integer(
    '--sort <n>',
    { zh: '排序号，大的在前', en: 'sort number, the highest first' },
    { min: 0, max: 1_000_000 },
  ),
  openIn: choice(
    '--open-in <way>',
    { zh: '手机上的打开方式: 整页或框内', en: 'how it opens on phones: as a whole page or in a frame' },
    ['top', 'frame'],
  ),
  origins: list('--origins <list>', {
    zh: '除主页外可取得 jessionId 的网站来源，逗号分隔',
    en: 'origins besides the home pages that may obtain a jessionId, separated by commas',
  }),
  syncUrl: text('--sync-url <url>', {
    zh: '同步菜单的地址，填写即开启同步；"" 表示关闭',
    en: 'address that the menu is synced from, which switches the sync on; "" switches it off',
  }),
  icon,
  ...audienceParts,
}

type AppOptions = GivenAudience & {
  homeUrl: string | undefined
  mobileUrl: string | undefined
  category: string | undefined
  description: string | undefined
  sortNo: number | undefined
  openIn: 'top' | 'frame' | undefined
  origins: string[] | undefined
  syncUrl: string | undefined
  icon: string | undefined
}

/** Undefined where nobody is named. `known` is what there is now: people in it may have left. Throws 1007. */
export async function visibilityGiven(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  { everyone, departments, tags, members }: GivenAudience,
  known: Visibility,
): Promise<Visibility | undefined> {
  const isLimited = departments !== undefined || tags !== undefined || members !== undefined
  if (everyone && isLimited)
    throw new UsageError({
      zh: '--everyone 与 --departments、--tags、--members 不能同用',
      en: '--everyone excludes --departments, --tags and --members',
    })
  if (!everyone && !isLimited) return undefined
  const wanted = { everyone, departments: departments ?? [], tags: tags ?? [], userIds: members ?? [] }
  return visibilityOf(ctx, corpId, wanted, known)
}

/** `known` is what the app has now: people in it may have left. Throws 1007. */
export async function toAppSettings(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  given: AppOptions,
  known: Visibility,
): Promise<AppSettings> {
  const { icon: path, everyone, departments, tags, members, ...rest } = given
  const audience = { everyone, departments, tags, members }
  return {
    ...givenOnly({
      ...rest,
      syncMenu: rest.syncUrl === undefined ? undefined : rest.syncUrl !== '',
      visibility: await visibilityGiven(ctx, corpId, audience, known),
    }),
    ...(path === undefined ? {} : { icon: await readIconFile(path) }),
  }
}

async function readIconFile(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch(error => {
    const why = (error as Error).message
    throw new ApiError('badParameter', {
      zh: told`无法读取 ${path}: ${why}`,
      en: told`${path} cannot be read: ${why}`,
    })
  })
  return bytes.subarray(0, iconBytesAtMost + 1)
}
