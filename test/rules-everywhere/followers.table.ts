import { remarkFollower } from '../../server/features/official/followers/people.ts'
import { makeQrCode, removeQrCode } from '../../server/features/official/followers/qr-codes/qr-codes.ts'
import {
  createTag,
  deleteTag,
  renameTag,
  tagFollowers,
} from '../../server/features/official/followers/tags/tags.ts'
import { saveQuickReply } from '../../server/features/official/talk/quick-replies.ts'
import { say } from '../../server/features/official/talk/say.ts'
import { sendTest } from '../../server/features/official/templates/sends/send-checked.ts'
import { removeFromAccount, templateOf } from '../../server/features/official/templates/templates.ts'
import { roleLevel } from '../../server/organisation/directory/permissions/person.ts'
import { memberOf } from '../../server/organisation/people/administrators.ts'
import type { Visitor } from '../../server/platform/http/visitor.ts'
import type { CustomMessage } from '../../server/upstream/official/calls/custom.ts'
import { type Attempt, api, feature, here, page, type Rule } from './ways.ts'

/** The rules for what is sent to followers of an official account, and for how they are kept. */

/** A verified account with a follower and two templates; nothing that is refused gets as far as WeChat. */
export const talking = {
  originalId: 'gh_talking',
  openid: 'oFollower',
  template: 'template-1',
  notice: 'notice-1',
}

const actor = 'test'
const ctx = () => here.world.ctx
const { originalId, openid } = talking
const account = () => ctx().accounts.get(here.world.corpId, originalId)
const visitor = (): Visitor => ({
  actor,
  corpId: here.world.corpId,
  roleLevel: roleLevel.superAdministrator,
  assigned: [],
  member: memberOf(ctx(), here.world.corpId, 'lisi'),
  sessionId: '',
  csrf: '',
  mustChangePassword: false,
  mustEnrol: false,
  mustProve: false,
  hasFactor: false,
  proof: { acr: 2, amr: [], authAt: 0 },
})

function message(content: CustomMessage, to = openid): Attempt[] {
  const asked = { originalId, openid: to }
  const given = { openid: to, requestId: 'r', message: content }
  return [
    feature(() => say(ctx(), visitor(), account(), given)),
    page('/web/official/conversation/say', () => ({ ...asked, requestId: 'r', message: content })),
    api('/api/official/message/send', () => ({ ...asked, ...content })),
  ]
}

const news = { type: 'news', title: '通知', description: '', picUrl: '', url: 'https://a.example/' } as const

const values = { thing1: '季度例会', time2: '15:01' }
type Template = { templateId: string; kind: 'template' | 'subscribe'; values: object; url: string }

function template(given: Partial<Template>): Attempt[] {
  const { templateId, kind, url, ...named } = {
    templateId: talking.template,
    kind: 'template' as const,
    values,
    url: '',
    ...given,
  }
  const sent = { openid, templateId, kind, url, values: named.values as Record<string, string> }
  return [
    feature(() => sendTest(ctx(), actor, account(), sent)),
    page('/web/official/templates/test', () => ({ originalId, ...sent })),
    api('/api/official/template/send', () => ({ originalId, ...sent, data: sent.values })),
  ]
}

const sends: Rule[] = [
  ['a text of 2,049 bytes', '1000', /2048 字节/, message({ type: 'text', content: '汉'.repeat(683) })],
  ['a blank text', '1001', /content/, message({ type: 'text', content: ' \n ' })],
  ['an article without a title', '1001', /title/, message({ ...news, title: '' })],
  ['an article with a long title', '1000', /title/, message({ ...news, title: 'x'.repeat(65) })],
  ['an article that leads nowhere', '1001', /url/, message({ ...news, url: '' })],
  ['an article that runs a script', '1000', /http/, message({ ...news, url: 'javascript:alert(1)' })],
  ['a picture from no web', '1000', /picUrl/, message({ ...news, picUrl: 'file:///etc/passwd' })],
  ['somebody who never followed', '1000', /粉丝/, message({ type: 'text', content: '您好' }, 'oNobody')],
  ['a template that is not there', '1000', /没有模板 none/, template({ templateId: 'none' })],
  [
    'a 订阅通知 as a template message',
    '1000',
    /kind 应为 subscribe/,
    template({ templateId: talking.notice }),
  ],
  ['a template message as a 订阅通知', '1000', /kind 应为 template/, template({ kind: 'subscribe' })],
  ['a field that is missing', '1000', /time2（时间）不能为空/, template({ values: { thing1: '一' } })],
  ['a field that is unknown', '1000', /没有字段 thing9/, template({ values: { ...values, thing9: '一' } })],
  ['a field that does not fit', '1000', /time2/, template({ values: { ...values, time2: '下午' } })],
  ['a field that WeChat empties', '1000', /thing1/, template({ values: { ...values, thing1: '🎉' } })],
  ['a template with a link that is none', '1000', /url 应为 http/, template({ url: 'weixin://dl' })],
]

const kept: Rule[] = [
  [
    'a remark of 31 characters',
    '1000',
    /30 个字/,
    [
      feature(() => remarkFollower(ctx(), actor, account(), openid, '长'.repeat(31))),
      page('/web/official/follower/remark', () => ({ originalId, openid, remark: '长'.repeat(31) })),
    ],
  ],
  [
    'a tag of 31 bytes',
    '1000',
    /30 字节/,
    [
      feature(() => createTag(ctx(), actor, account(), '十一个汉字就会超过了限')),
      feature(() => renameTag(ctx(), actor, account(), 100, '十一个汉字就会超过了限')),
      page('/web/official/follower-tag/create', () => ({ originalId, name: '十一个汉字就会超过了限' })),
    ],
  ],
  [
    "WeChat's own tag",
    '1000',
    /不能修改/,
    [
      feature(() => deleteTag(ctx(), actor, account(), 2)),
      page('/web/official/follower-tag/delete', () => ({ originalId, tagId: 2 })),
    ],
  ],
  [
    'a tag that is not there',
    '1000',
    /没有标签 4711/,
    [
      feature(() => tagFollowers(ctx(), actor, account(), { tagId: 4711, openids: [openid], isOn: true })),
      page('/web/official/follower-tag/put', () => ({
        originalId,
        tagId: 4711,
        openids: [openid],
        isOn: '1',
      })),
    ],
  ],
  [
    'a QR code with a scene of 65 characters',
    '1000',
    /64 个字/,
    [
      feature(() =>
        makeQrCode(ctx(), actor, account(), { scene: 'x'.repeat(65), name: '', seconds: undefined }),
      ),
      page('/web/official/qr-code/create', () => ({ originalId, scene: 'x'.repeat(65) })),
    ],
  ],
  [
    'no QR code taken away',
    '1000',
    /没有场景为 none/,
    [
      feature(() => removeQrCode(ctx(), actor, account(), 'none')),
      page('/web/official/qr-code/remove', () => ({ originalId, scene: 'none' })),
    ],
  ],
  [
    'no template taken away',
    '1000',
    /没有模板 none/,
    [
      feature(() => removeFromAccount(ctx(), actor, account(), 'none')),
      feature(() => templateOf(ctx(), account(), 'none')),
      page('/web/official/templates/remove', () => ({ originalId, templateId: 'none' })),
    ],
  ],
  [
    'a quick reply of 2,049 bytes',
    '1000',
    /2048 字节/,
    [
      feature(() => saveQuickReply(ctx(), actor, account(), { shortcut: 'x', content: '汉'.repeat(683) })),
      page('/web/official/quick-replies/save', () => ({
        originalId,
        shortcut: 'x',
        content: '汉'.repeat(683),
      })),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['what is sent to a follower', sends],
  ['what is kept of followers', kept],
]
