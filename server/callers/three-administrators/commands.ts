import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { agree, propose, refuse, roleWords, type ThreeActor } from '../../organisation/three/joint-acts.ts'
import { directoryCommand, type Io } from '../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../platform/command/language.ts'
import { anyId, requiredInteger, requiredText, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { ThreeNeeds } from './needs.ts'
import { type ThreeState, threeState } from './state.ts'

const where = {
  corp: corpPart,
  installation: toggle('--installation', {
    zh: '整个平台的三员，而不是企业的',
    en: 'the three of the installation, not those of a corp',
  }),
}
const id = requiredInteger(
  '<id>',
  { zh: '操作编号，见 three show', en: 'ID of the act, see three show' },
  anyId,
)

function scopeOf(
  ctx: ThreeNeeds,
  { corp, installation }: { corp: string | undefined; installation: boolean },
): string | undefined {
  return installation ? undefined : corpOf(ctx, corp)
}

/** Whoever gave the code without which the command did not run. Throws 1000 where the three are not separated. */
function actorIn({ three }: ThreeNeeds, corpId: string | undefined, { signer }: Io): ThreeActor {
  if (signer && three.isOn(corpId))
    return { role: signer.role, actor: signer.userId, memberId: signer.memberId }
  throw new ApiError('badParameter', {
    zh: '三员分立没有开启，没有共同的操作',
    en: 'the three administrators are not separated: there are no acts that they do together',
  })
}

const states = {
  open: { zh: '等待同意', en: 'waits for agreement' },
  done: { zh: '已完成', en: 'done' },
  refused: { zh: '已拒绝', en: 'refused' },
  expired: { zh: '已到期', en: 'expired' },
}

function textOf({ isOn, since, holders, acts }: ThreeState): string {
  const people = holders.map(one => [
    said(roleWords[one.role]),
    one.userId,
    one.name,
    one.isThere ? '' : said({ zh: '已离职或停用', en: 'left or disabled' }),
  ])
  const rows = acts.map(one => [
    String(one.id),
    one.title,
    one.about,
    states[one.state],
    one.agreed.map(({ role, actor }) => `${said(roleWords[role])} ${actor}`).join(said(comma)),
    one.state === 'open'
      ? said({
          zh: `还需 ${one.lacking}：${one.waitsFor.map(role => roleWords[role].zh).join('或')}`,
          en: `needs ${one.lacking} more: ${one.waitsFor.map(role => roleWords[role].en).join(' or ')}`,
        })
      : '',
  ])
  return [
    facts([
      [
        { zh: '三员分立', en: 'Separation of the three' },
        isOn
          ? { zh: `已开启，${when(since)}`, en: `on since ${when(since)}` }
          : { zh: '没有开启', en: 'off' },
      ],
    ]),
    table(
      [
        { zh: '角色', en: 'Role' },
        { zh: '账号', en: 'Account' },
        { zh: '姓名', en: 'Name' },
        { zh: '情况', en: 'State' },
      ],
      people,
      { zh: '没有三员', en: 'there are no three administrators' },
    ),
    table(
      [
        { zh: '编号', en: 'ID' },
        { zh: '操作', en: 'Act' },
        { zh: '涉及', en: 'Concerns' },
        { zh: '状态', en: 'State' },
        { zh: '已同意', en: 'Agreed' },
        { zh: '等待', en: 'Waits for' },
      ],
      rows,
      { zh: '没有共同的操作', en: 'no joint acts' },
    ),
  ].join('\n\n')
}

const show = directoryCommand({
  path: 'three show',
  point: 'three:read',
  summary: {
    zh: '显示三员，以及等待同意的操作',
    en: 'Show the three administrators and the acts that wait for agreement',
  },
  parts: where,
  async run(ctx: ThreeNeeds, given) {
    const data = await threeState(ctx, scopeOf(ctx, given), commandLanguage())
    return { data, text: textOf(data) }
  },
})

const proposeCommand = directoryCommand({
  path: 'three propose',
  point: 'three:agree',
  summary: { zh: '提议三员共同的操作', en: 'Propose a joint act of the three administrators' },
  details: {
    zh: '例如任命审计员：wisp three propose three.appoint \'{"role":"auditor","userId":"zhangsan"}\' --totp admin=123456。种类：three.appoint、three.dismiss、three.factor、three.off、role、own-role、own-role.give。',
    en: 'Appoint an auditor, for example: wisp three propose three.appoint \'{"role":"auditor","userId":"zhangsan"}\' --totp admin=123456. Kinds: three.appoint, three.dismiss, three.factor, three.off, role, own-role, own-role.give.',
  },
  parts: {
    kind: requiredText('<kind>', { zh: '操作的种类', en: 'kind of the act' }),
    given: requiredText('<json>', { zh: '操作的内容，JSON', en: 'content of the act, as JSON' }),
    ...where,
  },
  async run(ctx: ThreeNeeds, { kind, given, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    const content = readJson(given)
    const by = actorIn(ctx, corpId, io)
    const made = await propose(ctx, by, corpId, kind, content)
    return {
      data: { id: made },
      text: said({
        zh: `已提议，编号 ${made}，等待其他角色同意`,
        en: `proposed as ${made}; it waits for the other roles to agree`,
      }),
    }
  },
})

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('badParameter', {
      zh: '<json>：不是 JSON，没有提议；在命令行中用单引号括起来',
      en: '<json>: it is no JSON, nothing was proposed; put it in single quotes on the command line',
    })
  }
}

const agreeCommand = directoryCommand({
  path: 'three agree',
  point: 'three:agree',
  summary: { zh: '同意三员共同的操作', en: 'Agree to a joint act of the three administrators' },
  parts: { id, ...where },
  async run(ctx: ThreeNeeds, { id, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    const isDone = await agree(ctx, actorIn(ctx, corpId, io), corpId, id)
    return {
      data: { isDone },
      text: isDone
        ? said({ zh: '已同意，操作已完成', en: 'agreed, and the act is done' })
        : said({ zh: '已同意，还需其他角色同意', en: 'agreed; other roles must agree too' }),
    }
  },
})

const refuseCommand = directoryCommand({
  path: 'three refuse',
  point: 'three:agree',
  summary: {
    zh: '拒绝三员共同的操作，或撤回自己的提议',
    en: "Refuse a joint act of the three administrators, or withdraw a proposal of one's own",
  },
  parts: { id, ...where },
  async run(ctx: ThreeNeeds, { id, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    await refuse(ctx, actorIn(ctx, corpId, io), corpId, id)
    return { data: { id }, text: said({ zh: '已拒绝', en: 'refused' }) }
  },
})

export const threeCommands = [show, proposeCommand, agreeCommand, refuseCommand]
