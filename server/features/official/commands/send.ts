import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { type CommandPart, command, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { choice, integer, list, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { storeFile } from '../../../platform/files/files.ts'
import { formatCount } from '../../../platform/format.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { type ContentInput, type ContentType, contentTypes } from '../mass/content.ts'
import { createMass, forecastMass, previewTo } from '../mass/mass.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

function optionalFile(flags: string, description: Words): CommandPart<string | undefined> {
  return { ...text(flags, description), kind: 'file' }
}

const send = command({
  path: 'official send',
  point: 'official:mass',
  summary: {
    zh: '群发文字、图片、语音或图文草稿；--preview 只发给一位粉丝',
    en: 'Send text, a picture, voice or an article draft to many; --preview sends it to one follower',
  },
  details: {
    zh: '给出 --all、--tag、--openids 之一。显示人数、剩余次数与群发的 id；发送由运行中的节点完成，结果在控制台的“群发”查看。',
    en: 'Give one of --all, --tag and --openids. The number of followers, the remaining sends and the id are shown; a running node sends it, and the console shows the result under Mass messages.',
  },
  parts: {
    corp: corpPart,
    originalId: requiredText('--account <originalId>', {
      zh: '公众号的原始 ID，gh_…',
      en: 'original ID of the official account, gh_…',
    }),
    type: choice('--type <type>', { zh: '类型，默认 text', en: 'kind, text by default' }, contentTypes),
    text: text('--text <text>', { zh: '正文', en: 'text' }),
    image: optionalFile('--image <file>', {
      zh: '图片：PNG、JPEG 或 GIF，最多 10 MB',
      en: 'picture: PNG, JPEG or GIF, 10 MB at most',
    }),
    voice: optionalFile('--voice <file>', {
      zh: '语音：AMR 或 MP3，最多 2 MB',
      en: 'voice: AMR or MP3, 2 MB at most',
    }),
    draft: text('--draft <mediaId>', { zh: '草稿的 media_id', en: 'media_id of the draft' }),
    ignoreReprint: toggle('--ignore-reprint', {
      zh: '图文被判为转载时仍然群发',
      en: 'send articles that are judged as reprints too',
    }),
    all: toggle('--all', { zh: '发给全部粉丝', en: 'send to all followers' }),
    tag: integer(
      '--tag <id>',
      { zh: '发给一个粉丝标签', en: 'send to a tag of followers' },
      { min: 0, max: 2_147_483_647 },
    ),
    openids: list('--openids <openids>', { zh: '发给名单，至少 2 个', en: 'send to a list, 2 at least' }),
    at: text('--at <time>', {
      zh: '定时发送，ISO 8601；不给则立即',
      en: 'time to send, ISO 8601; at once by default',
    }),
    preview: text('--preview <openid>', {
      zh: '只发给这一位粉丝预览',
      en: 'send a preview to this follower only',
    }),
  },
  async run(ctx: Needs, { corp, originalId, all, tag, openids, at, preview, ...given }) {
    const corpId = corpOf(ctx, corp)
    const account = ctx.accounts.get(corpId, originalId)
    const chosen = [all, tag !== undefined, openids !== undefined, preview !== undefined].filter(Boolean)
    if (chosen.length !== 1)
      throw new UsageError({
        zh: '--all、--tag、--openids、--preview 须给出且只给出一个',
        en: 'give one of --all, --tag, --openids and --preview',
      })
    const content = await contentOf(ctx, corpId, given)
    if (preview !== undefined) {
      await previewTo(ctx, actor, account, preview, content)
      return {
        data: { preview },
        text: said({ zh: `预览已发给 ${preview}`, en: `the preview was sent to ${preview}` }),
      }
    }
    const audience = all
      ? ({ to: 'all' } as const)
      : tag !== undefined
        ? ({ to: 'tag', tagId: tag } as const)
        : ({ to: 'openids', openids: openids ?? [] } as const)
    const forecast = await forecastMass(ctx, account, audience)
    const sendAt = at === undefined ? undefined : readTime(at)
    const created = await createMass(ctx, actor, account, { audience, content, sendAt })
    const words = [
      said({
        zh: `群发 ${created.id}：${formatCount(forecast.receivers)} 人${sendAt ? `，${when(sendAt)} 发送` : ''}`,
        en: `mass message ${created.id}: ${formatCount(forecast.receivers)} followers${sendAt ? `, sent at ${when(sendAt)}` : ''}`,
      }),
      ...forecast.limits.map(one =>
        said({
          zh: `${one.what.zh}：已用 ${one.used} 次，共 ${one.most} 次`,
          en: `${one.what.en}: ${one.used} of ${one.most} used`,
        }),
      ),
      ...forecast.notes.map(said),
      ...(created.state === 'approval'
        ? [said({ zh: '等待管理员审批', en: 'it waits for the approval of an administrator' })]
        : []),
    ]
    return {
      data: { ...created, receivers: forecast.receivers, limits: forecast.limits },
      text: words.join('\n'),
    }
  },
})

type SendOptions = {
  type: ContentType | undefined
  text: string | undefined
  image: string | undefined
  voice: string | undefined
  draft: string | undefined
  ignoreReprint: boolean
}

async function contentOf(ctx: Core, corpId: string, given: SendOptions): Promise<ContentInput> {
  const { type = 'text', image, voice, ...rest } = given
  const stored = async (use: 'image' | 'voice', path: string | undefined) =>
    path === undefined ? undefined : (await storeFile(ctx, corpId, use, await readGiven(path))).hash
  const picture = await stored('image', image)
  return { type, ...rest, images: picture ? [picture] : [], voice: await stored('voice', voice) }
}

async function readGiven(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new UsageError({
      zh: `读不了 ${path}: ${error instanceof Error ? error.message : error}`,
      en: `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    })
  })
}

function readTime(given: string): Date {
  const at = new Date(given)
  if (Number.isNaN(at.getTime()))
    throw new UsageError({ zh: '--at 应为 ISO 8601 的时间', en: '--at takes a time in ISO 8601' })
  return at
}

export const officialSendCommands = [send]
