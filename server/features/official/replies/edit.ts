import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../../platform/http/form-version.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Account } from '../accounts/accounts.ts'
import { unknownAccount } from '../accounts/accounts.ts'
import { lockAccount } from '../accounts/store.ts'
import { type Flow, flowsAtMost, type NewFlow, readFlow, regexesOf } from './flows/flow.ts'
import { askForTimeOuts } from './flows/time-outs.ts'
import { type NewRule, type Rule, readRule, regexesAtMost, rulesAtMost } from './rule.ts'
import * as store from './store.ts'

type By = { actor: string; account: Account }

/** Adds rules, all or none; they hold on all nodes within a second. Returns their ids. Throws 1000 and 1001. */
export function addRules(ctx: Core, by: By, given: readonly NewRule[]): Promise<number[]> {
  const rules = given.map(readRule)
  return change(ctx, by, async tx => {
    const known = await store.rulesOf(tx, by.account)
    await checkTogether(tx, by.account, [...known, ...rules], rules)
    const ids = await store.insertRules(tx, by.account, rules, { at: new Date(ctx.now()), by: by.actor })
    for (const [index, rule] of rules.entries())
      await note(tx, ctx, by, 'official.rule.add', rule.name, {
        rule: ids[index],
        kind: rule.kind,
        words: rule.words,
      })
    return ids
  })
}

/** `expected` is the version of the form that was filled (form-version.ts). Throws 1000 and 1001. */
export function setRule(ctx: Core, by: By, id: number, given: NewRule, expected?: string): Promise<void> {
  const rule = { ...readRule(given), id }
  return change(ctx, by, async tx => {
    const known = await store.rulesOf(tx, by.account)
    const before = known.find(one => one.id === id)
    if (!before) throw unknownRule(id)
    checkVersion(ruleForm(before), expected)
    const others = known.filter(one => one.id !== id)
    await checkTogether(tx, by.account, [...others, rule], [rule])
    await store.updateRule(tx, by.account, rule, { at: new Date(ctx.now()), by: by.actor })
    const changes = changesOf(ruleForm(before), rule)
    await note(tx, ctx, by, 'official.rule.set', rule.name, { rule: id, changes })
  })
}

/** Throws 1000. */
export function removeRule(ctx: Core, by: By, id: number): Promise<void> {
  return change(ctx, by, async tx => {
    const before = (await store.rulesOf(tx, by.account)).find(one => one.id === id)
    if (!before) throw unknownRule(id)
    await store.deleteRule(tx, by.account, id)
    await note(tx, ctx, by, 'official.rule.remove', before.name, {
      rule: id,
      kind: before.kind,
      words: before.words,
    })
  })
}

/** Returns the flow's id. Throws 1000 and 1001. */
export function addFlow(ctx: Core, by: By, given: NewFlow): Promise<number> {
  const flow = readFlow(given)
  return change(ctx, by, async tx => {
    const known = await store.flowsOf(tx, by.account)
    if (known.length >= flowsAtMost)
      throw new ApiError('badParameter', {
        zh: `一个公众号最多 ${flowsAtMost} 个流程`,
        en: `an account has at most ${flowsAtMost} flows`,
      })
    if (regexesOf(flow).length > 0) checkRegexes(await store.rulesOf(tx, by.account), [...known, flow])
    const id = await store.insertFlow(tx, by.account, flow, { at: new Date(ctx.now()), by: by.actor })
    await note(tx, ctx, by, 'official.flow.add', flow.name, { flow: id })
    return id
  })
}

/**
 * Followers who are in the flow go on in it as it is now; who is at a step that is gone has left it. Throws 1000 and 1001.
 */
export function setFlow(ctx: Core, by: By, id: number, given: NewFlow, expected?: string): Promise<void> {
  const flow = { ...readFlow(given), id }
  return change(ctx, by, async tx => {
    const known = await store.flowsOf(tx, by.account)
    const before = known.find(one => one.id === id)
    if (!before) throw unknownFlow(id)
    checkVersion(flowForm(before), expected)
    const others = known.filter(one => one !== before)
    if (regexesOf(flow).length > 0) checkRegexes(await store.rulesOf(tx, by.account), [...others, flow])
    await store.updateFlow(tx, by.account, flow, { at: new Date(ctx.now()), by: by.actor })
    // Whoever is in the flow already is told too.
    if (flow.timeoutText) await askForTimeOuts(tx, by.account, new Date(ctx.now()))
    const changes = changesOf(flowForm(before), flow)
    await note(tx, ctx, by, 'official.flow.set', flow.name, { flow: id, changes })
  })
}

/** Throws 1000, also while a rule begins it. */
export function removeFlow(ctx: Core, by: By, id: number): Promise<void> {
  return change(ctx, by, async tx => {
    const before = (await store.flowsOf(tx, by.account)).find(one => one.id === id)
    if (!before) throw unknownFlow(id)
    const user = (await store.rulesOf(tx, by.account)).find(rule => rule.flowId === id)
    if (user)
      throw new ApiError('badParameter', {
        zh: `规则“${user.name}”会进入这个流程，请先修改该规则`,
        en: `the rule “${user.name}” begins this flow: change that first`,
      })
    await store.deleteFlow(tx, by.account, id)
    await note(tx, ctx, by, 'official.flow.remove', before.name, { flow: id })
  })
}

export function ruleForm({ updatedAt: _at, updatedBy: _by, ...rule }: Rule & Partial<store.Changed>): Rule {
  const { id, name, kind, match, words, contents, pick, flowId, priority, hours, enabled } = rule
  return { id, name, kind, match, words, contents, pick, flowId, priority, hours, enabled }
}

export function flowForm({ id, name, steps, minutes, timeoutText, enabled }: Flow): Flow {
  return { id, name, steps, minutes, timeoutText, enabled }
}

export const ruleVersion = (rule: Rule): string => versionOf(ruleForm(rule))
export const flowVersion = (flow: Flow): string => versionOf(flowForm(flow))

/** The account's row is locked, so that its limits hold whoever else changes its rules. */
async function change<T>(ctx: Core, { account }: By, write: (tx: Db) => Promise<T>): Promise<T> {
  const { corpId, originalId } = account
  const result = await ctx.db.transaction().execute(async tx => {
    if (!(await lockAccount(tx, corpId, originalId))) throw unknownAccount(originalId)
    const written = await write(tx)
    await signal(tx, 'wisp_config', corpId)
    return written
  })
  await ctx.reloadConfig(corpId)
  return result
}

async function checkTogether(
  tx: Db,
  account: Account,
  all: readonly NewRule[],
  changed: readonly NewRule[],
): Promise<void> {
  if (all.length > rulesAtMost)
    throw new ApiError('badParameter', {
      zh: `一个公众号最多 ${rulesAtMost} 条规则`,
      en: `an account has at most ${rulesAtMost} rules`,
    })
  const flows = await store.flowsOf(tx, account)
  if (changed.some(rule => rule.match === 'regex')) checkRegexes(all, flows)
  const flowIds = new Set(changed.map(rule => rule.flowId).filter(id => id !== null))
  const known = new Set(flows.map(flow => flow.id))
  for (const id of flowIds) if (!known.has(id)) throw unknownFlow(id)
}

/** Each message may have to be compared with all of them. Throws 1000. */
function checkRegexes(rules: readonly NewRule[], flows: readonly NewFlow[]): void {
  const ofRules = rules.flatMap(rule => (rule.match === 'regex' ? rule.words : []))
  const n = ofRules.length + flows.flatMap(regexesOf).length
  if (n > regexesAtMost)
    throw new ApiError('badParameter', {
      zh: `一个公众号的规则与流程最多 ${regexesAtMost} 个正则表达式，现在会有 ${n} 个`,
      en: `the rules and flows of an account have at most ${regexesAtMost} regular expressions, and would have ${n}`,
    })
}

function note(
  tx: Db,
  ctx: Core,
  { actor, account }: By,
  act: string,
  targetName: string,
  detail: object,
): Promise<void> {
  const { corpId, originalId } = account
  return record(tx, ctx, { corpId, actor, act, target: originalId, targetName, detail })
}

export function unknownRule(id: number): ApiError {
  return new ApiError('badParameter', { zh: `没有规则 ${id}`, en: `there is no rule ${id}` })
}

function unknownFlow(id: number): ApiError {
  return new ApiError('badParameter', { zh: `没有流程 ${id}`, en: `there is no flow ${id}` })
}
