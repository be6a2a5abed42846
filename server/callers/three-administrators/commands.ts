import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { agree, propose, refuse, roleWords, type ThreeActor } from '../../organisation/three/joint-acts.ts'
import { directoryCommand, type Io } from '../../platform/command/command.ts'
import { anyId, requiredInteger, requiredText, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { ThreeNeeds } from './needs.ts'
import { type ThreeState, threeState } from './state.ts'

const where = { corp: corpPart, installation: toggle('--installation', '整个平台的三员，而不是企业的') }
const id = requiredInteger('<id>', '操作编号，见 three show', anyId)

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

const states = { open: '等待同意', done: '已完成', refused: '已拒绝', expired: '已到期' }

function textOf({ isOn, since, holders, acts }: ThreeState): string {
  const people = holders.map(one => [
    roleWords[one.role].zh,
    one.userId,
    one.name,
    one.isThere ? '' : '已离职或停用',
  ])
  const rows = acts.map(one => [
    String(one.id),
    one.title,
    one.about,
    states[one.state],
    one.agreed.map(({ role, actor }) => `${roleWords[role].zh} ${actor}`).join('、'),
    one.state === 'open'
      ? `还需 ${one.lacking}：${one.waitsFor.map(role => roleWords[role].zh).join('或')}`
      : '',
  ])
  return [
    facts([['三员分立', isOn ? `已开启，${when(since)}` : '没有开启']]),
    table(['角色', '账号', '姓名', '情况'], people, '没有三员'),
    table(['编号', '操作', '涉及', '状态', '已同意', '等待'], rows, '没有共同的操作'),
  ].join('\n\n')
}

const show = directoryCommand({
  path: 'three show',
  point: 'three:read',
  summary: '显示三员，以及等待同意的操作',
  parts: where,
  async run(ctx: ThreeNeeds, given) {
    const data = await threeState(ctx, scopeOf(ctx, given), 'zh')
    return { data, text: textOf(data) }
  },
})

const proposeCommand = directoryCommand({
  path: 'three propose',
  point: 'three:agree',
  summary: '提议三员共同的操作',
  details:
    '例如任命审计员：wisp three propose three.appoint \'{"role":"auditor","userId":"zhangsan"}\' --totp admin=123456。种类：three.appoint、three.dismiss、three.factor、three.off、role、own-role、own-role.give。',
  parts: {
    kind: requiredText('<kind>', '操作的种类'),
    given: requiredText('<json>', '操作的内容，JSON'),
    ...where,
  },
  async run(ctx: ThreeNeeds, { kind, given, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    const content = readJson(given)
    const by = actorIn(ctx, corpId, io)
    const made = await propose(ctx, by, corpId, kind, content)
    return { data: { id: made }, text: `已提议，编号 ${made}，等待其他角色同意` }
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
  summary: '同意三员共同的操作',
  parts: { id, ...where },
  async run(ctx: ThreeNeeds, { id, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    const isDone = await agree(ctx, actorIn(ctx, corpId, io), corpId, id)
    return { data: { isDone }, text: isDone ? '已同意，操作已完成' : '已同意，还需其他角色同意' }
  },
})

const refuseCommand = directoryCommand({
  path: 'three refuse',
  point: 'three:agree',
  summary: '拒绝三员共同的操作，或撤回自己的提议',
  parts: { id, ...where },
  async run(ctx: ThreeNeeds, { id, ...place }, io) {
    const corpId = scopeOf(ctx, place)
    await refuse(ctx, actorIn(ctx, corpId, io), corpId, id)
    return { data: { id }, text: '已拒绝' }
  },
})

export const threeCommands = [show, proposeCommand, agreeCommand, refuseCommand]
