import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import { told, wordsOfOthers } from '../../../platform/http/told.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { Corps } from '../../corps/corps.ts'
import { publicUrlOf } from '../../corps/corps.ts'
import { checkOpen } from '../../corps/suspension/check-open.ts'
import { type AvatarLinks, fileIdOf, memberIdOf } from '../mirror/fragments.ts'
import { isListed } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { scopeSight } from '../permissions/data-scope.ts'
import { seesMember } from '../permissions/sight.ts'
import { membersById } from '../store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; outbound: Outbound }

const periodMs = 600_000
const linkGoodMs = 3_600_000
const purpose = 'avatar link'

/** Links are valid for an hour and up to ten minutes more, because all links of one ten-minute period are equal. */
export function avatarLinks(ctx: Core & { corps: Corps }): AvatarLinks {
  return {
    period: () => Math.floor(ctx.now() / periodMs),
    link(corpId, fileId) {
      const expires = (Math.floor(ctx.now() / periodMs) + 1) * periodMs + linkGoodMs
      const sign = ctx.seal.sign(purpose, `${corpId} ${fileId} ${expires}`)
      const base = publicUrlOf(ctx, ctx.corps.find(corpId))
      return `${base}/api/file/avatar?corpId=${encodeURIComponent(corpId)}&fileId=${fileId}&expires=${expires}&sign=${sign}`
    },
  }
}

/** SVG is left out, because it may carry scripts, which would run on this origin. */
const pictureType = /^image\/(png|jpe?g|gif|webp|bmp|avif)\b/
const maxBytes = 2_000_000
const timeoutMs = 10_000

type Picture = { type: string; body: Buffer }

/** Recently requested pictures. A fileId always names the same picture, so entries never become stale. */
const pictures = new LRUCache<string, Picture>({
  maxSize: 64_000_000,
  sizeCalculation: picture => picture.body.length + 1,
})

async function readPicture(
  ctx: Needs,
  corpId: string,
  fileId: string,
  sees: (key: string) => boolean,
): Promise<Picture> {
  const memberId = memberIdOf(fileId)
  const core = memberId === undefined ? undefined : ctx.mirrors.of(corpId).members.byId(memberId)
  if (!core || !isListed(core) || !sees(core.key)) throw noFile(fileId)
  const known = pictures.get(`${corpId} ${fileId}`)
  if (known) return known
  const [member] = await membersById(ctx.db, corpId, [core.id])
  if (!member || fileIdOf(member) !== fileId) throw noFile(fileId)
  try {
    const asker = { slot: 'developers', of: `avatars ${corpId}` } as const
    const picture = await ctx.outbound.get(member.avatar, { asker, timeoutMs, maxBytes }, toPicture)
    pictures.set(`${corpId} ${fileId}`, picture)
    return picture
  } catch (error) {
    if (error instanceof OutboundRefused) throw new ApiError('upstream', wordsOfOthers(error.words))
    const { message } = error as Error
    throw new ApiError('upstream', {
      zh: told`头像未能读取: ${message}`,
      en: told`the avatar could not be read: ${message}`,
    })
  }
}

function toPicture({ type, body }: Picture): Picture {
  const [allowed] = pictureType.exec(type) ?? []
  if (allowed) return { type: allowed, body }
  throw new OutboundRefused({
    zh: `头像地址返回的不是图片（${type.slice(0, 60)}）`,
    en: `what the avatar's address answered is no picture (${type.slice(0, 60)})`,
  })
}

function noFile(fileId: string): ApiError {
  return new ApiError('badParameter', { zh: told`没有文件 ${fileId}`, en: told`there is no file ${fileId}` })
}

const file = (picture: Picture, maxAgeSeconds: number) =>
  ready({ file: picture.body, type: picture.type, maxAgeSeconds })

export const getFile = endpoint({
  methods: ['GET'],
  path: '/api/file/get',
  section: 'wisp',
  summary: { zh: '读取文件（头像）', en: 'Read a file (picture)' },
  description: {
    zh: '返回图片本身。fileId 来自成员的 fileId 字段。',
    en: 'The answer is the picture itself. fileId is what a member has.',
  },
  access: { by: 'developer', scope: 'directory:read' },
  directory: true,
  input: { fileId: text({ zh: '文件 id', en: 'Id of the file' }, { max: 32 }) },
  logged: ['fileId'],
  output: Type.Unsafe<Buffer>(
    Type.String({ contentMediaType: 'image/*', about: { zh: '图片字节', en: 'Bytes of the picture' } }),
  ),
  errors: ['upstream'],
  sample: '（图片字节）',
  sampleInput: { fileId: '{fileId}' },
  async handle(ctx: Needs, { input, developer }) {
    const mirror = ctx.mirrors.of(developer.corpId)
    const sight = scopeSight(mirror, developer)
    const sees = (key: string) => {
      const core = mirror.members.byKey(key)
      return core !== undefined && seesMember(sight, mirror.tree, core)
    }
    return file(await readPicture(ctx, developer.corpId, input.fileId, sees), 3600)
  },
})

export const getAvatar = endpoint({
  methods: ['GET'],
  path: '/api/file/avatar',
  section: 'wisp',
  summary: { zh: '头像链接', en: 'Link to a picture' },
  description: {
    zh: 'avatarUrl 字段指向这里，一小时内有效，无需 devToken，可直接用于网页。',
    en: 'Where avatarUrl leads; good for an hour, needs no devToken, and can stand in a page.',
  },
  access: { by: 'anyone' },
  directory: 'handler',
  input: {
    corpId: text({ zh: '企业 ID', en: 'Id of the corp' }, { max: 64 }),
    fileId: text({ zh: '文件 id', en: 'Id of the file' }, { max: 32 }),
    expires: text({ zh: '失效时间（毫秒）', en: 'Good until (ms)' }, { max: 16 }),
    sign: text({ zh: '签名', en: 'Signature' }, { max: 64 }),
  },
  output: Type.Unsafe<Buffer>(
    Type.String({ contentMediaType: 'image/*', about: { zh: '图片字节', en: 'Bytes of the picture' } }),
  ),
  errors: ['upstream'],
  sample: '（图片字节）',
  sampleInput: { corpId: '{corpId}', fileId: '{fileId}', expires: '{expires}', sign: '{sign}' },
  async handle(ctx: Needs, { input }) {
    const { corpId, fileId, expires, sign } = input
    if (!ctx.seal.isSigned(purpose, `${corpId} ${fileId} ${expires}`, sign))
      throw new ApiError('badParameter', {
        zh: 'sign 不正确，请使用接口返回的完整地址',
        en: 'sign is wrong: use the address as the call returned it',
      })
    if (Number(expires) < ctx.now())
      throw new ApiError('badParameter', {
        zh: '头像的链接已过期，请重新调用接口获取',
        en: 'the link of the avatar has expired: call the API again for a new one',
      })
    checkOpen(ctx, corpId, 403)
    const picture = await ctx.mirrors.during(corpId, () => readPicture(ctx, corpId, fileId, () => true))
    return file(picture, 600)
  },
})
