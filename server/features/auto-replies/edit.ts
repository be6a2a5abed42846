import { type Detail, record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../platform/http/form-version.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import { auditTarget, type Owner } from './conversation-owner.ts'
import { type Flow, flowsAtMost, type NewFlow, readFlow, regexesOf } from './flows/flow.ts'
import { askForTimeOuts } from './flows/time-outs.ts'
import type { OwnerKind } from './owner.ts'
import { type NewRule, type Rule, readRule, regexesAtMost, rulesAtMost } from './rule.ts'
import { againByDefault } from './rule-kinds.ts'
import * as store from './store.ts'

/** Who changes them, and whose they are. */
export type RuleEditor<Content> = { actor: string; kind: OwnerKind<Content>; owner: Owner }

/** All changes, as one kind of owners has them. `inBook` says whose rules and flows they are, and throws where none may be changed. */
export type Edits<C, By, Content> = ReturnType<typeof editsOf<C & Core, By, Content>>

export function editsOf<C extends Core, B, Content>(inBook: (ctx: C, by: B) => RuleEditor<Content>) {
  return {
    addRules: (ctx: C, by: B, given: readonly NewRule<Content>[]) => addRules(ctx, inBook(ctx, by), given),
    setRule: (ctx: C, by: B, id: number, given: NewRule<Content>, expected?: string) =>
      setRule(ctx, inBook(ctx, by), id, given, expected),
    removeRule: (ctx: C, by: B, id: number) => removeRule(ctx, inBook(ctx, by), id),
    addFlow: (ctx: C, by: B, given: NewFlow<Content>) => addFlow(ctx, inBook(ctx, by), given),
    setFlow: (ctx: C, by: B, id: number, given: NewFlow<Content>, expected?: string) =>
      setFlow(ctx, inBook(ctx, by), id, given, expected),
    removeFlow: (ctx: C, by: B, id: number) => removeFlow(ctx, inBook(ctx, by), id),
  }
}

/** Adds rules, all or none; they hold on all nodes within a second. Returns their ids. Throws 1000 and 1001. */
export function addRules<Content>(
  ctx: Core,
  by: RuleEditor<Content>,
  given: readonly NewRule<Content>[],
): Promise<number[]> {
  const rules = given.map(rule => readRule(by.kind, rule))
  return change(ctx, by, async tx => {
    const known = await store.rulesOf(tx, by.owner)
    await checkTogether(tx, by, [...known, ...rules], rules)
    await keepFiles(
      ctx,
      tx,
      by,
      rules.flatMap(rule => rule.contents),
    )
    const ids = await store.insertRules(tx, by.owner, rules, { at: new Date(ctx.now()), by: by.actor })
    for (const [index, rule] of rules.entries())
      await note(tx, ctx, by, 'rule.add', rule.name, {
        rule: ids[index],
        kind: rule.kind,
        words: rule.words,
      })
    return ids
  })
}

/** `expected` is the version of the form that was filled (form-version.ts). Throws 1000 and 1001. */
export function setRule<Content>(
  ctx: Core,
  by: RuleEditor<Content>,
  id: number,
  given: NewRule<Content>,
  expected?: string,
): Promise<void> {
  const rule: Rule<Content> = { ...readRule(by.kind, given), id }
  return change(ctx, by, async tx => {
    const known = await store.rulesOf(tx, by.owner)
    const before = known.find(one => one.id === id)
    if (!before) throw unknownRule(id)
    checkVersion(ruleForm(before), expected)
    const others = known.filter(one => one.id !== id)
    await checkTogether(tx, by, [...others, rule], [rule])
    await keepFiles(ctx, tx, by, rule.contents)
    await store.updateRule(tx, by.owner, rule, { at: new Date(ctx.now()), by: by.actor })
    const changes = changesOf(ruleForm(before), rule)
    await note(tx, ctx, by, 'rule.set', rule.name, { rule: id, changes })
  })
}

/** Throws 1000. */
export function removeRule<Content>(ctx: Core, by: RuleEditor<Content>, id: number): Promise<void> {
  return change(ctx, by, async tx => {
    const before = (await store.rulesOf(tx, by.owner)).find(one => one.id === id)
    if (!before) throw unknownRule(id)
    await store.deleteRule(tx, by.owner, id)
    await note(tx, ctx, by, 'rule.remove', before.name, {
      rule: id,
      kind: before.kind,
      words: before.words,
    })
  })
}

/** Returns the flow's id. Throws 1000 and 1001. */
export function addFlow<Content>(
  ctx: Core,
  by: RuleEditor<Content>,
  given: NewFlow<Content>,
): Promise<number> {
  const flow = readFlow(by.kind, given)
  return change(ctx, by, async tx => {
    const known = await store.flowsOf(tx, by.owner)
    if (known.length >= flowsAtMost)
      throw new ApiError('badParameter', {
        zh: told`${own(by.kind.one.zh)}最多 ${own(flowsAtMost)} 个流程`,
        en: told`${own(by.kind.one.en)} has at most ${own(flowsAtMost)} flows`,
      })
    if (regexesOf(flow).length > 0)
      checkRegexes(by.kind.one, await store.rulesOf(tx, by.owner), [...known, flow])
    await keepFiles(ctx, tx, by, contentsIn(flow))
    const id = await store.insertFlow(tx, by.owner, flow, { at: new Date(ctx.now()), by: by.actor })
    await note(tx, ctx, by, 'flow.add', flow.name, { flow: id })
    return id
  })
}

/**
 * People who are in the flow go on in it as it is now; who is at a step that is gone has left it. Throws 1000 and 1001.
 */
export function setFlow<Content>(
  ctx: Core,
  by: RuleEditor<Content>,
  id: number,
  given: NewFlow<Content>,
  expected?: string,
): Promise<void> {
  const flow = { ...readFlow(by.kind, given), id }
  return change(ctx, by, async tx => {
    const known = await store.flowsOf(tx, by.owner)
    const before = known.find(one => one.id === id)
    if (!before) throw unknownFlow(id)
    checkVersion(flowForm(before), expected)
    const others = known.filter(one => one !== before)
    if (regexesOf(flow).length > 0)
      checkRegexes(by.kind.one, await store.rulesOf(tx, by.owner), [...others, flow])
    await keepFiles(ctx, tx, by, contentsIn(flow))
    await store.updateFlow(tx, by.owner, flow, { at: new Date(ctx.now()), by: by.actor })
    // Whoever is in the flow already is told too.
    if (flow.timeoutText) await askForTimeOuts(tx, by.kind.stream, by.owner, new Date(ctx.now()))
    const changes = changesOf(flowForm(before), flow)
    await note(tx, ctx, by, 'flow.set', flow.name, { flow: id, changes })
  })
}

/** Throws 1000, also while a rule begins it. */
export function removeFlow<Content>(ctx: Core, by: RuleEditor<Content>, id: number): Promise<void> {
  return change(ctx, by, async tx => {
    const before = (await store.flowsOf(tx, by.owner)).find(one => one.id === id)
    if (!before) throw unknownFlow(id)
    const user = (await store.rulesOf(tx, by.owner)).find(rule => rule.flowId === id)
    if (user)
      throw new ApiError('badParameter', {
        zh: told`规则“${user.name}”会进入这个流程，请先修改该规则`,
        en: told`the rule “${user.name}” begins this flow: change that rule first`,
      })
    await store.deleteFlow(tx, by.owner, id)
    await note(tx, ctx, by, 'flow.remove', before.name, { flow: id })
  })
}

function keepFiles<Content>(
  ctx: Core,
  tx: Db,
  { kind, owner }: RuleEditor<Content>,
  contents: readonly Content[],
): Promise<void> {
  return kind.keepFiles?.(ctx, tx, owner, contents) ?? Promise.resolve()
}

const contentsIn = <Content>({ steps }: NewFlow<Content>) => steps.flatMap(step => step.contents)

function ruleForm(rule: Rule): Required<Rule> {
  const { id, name, kind, match, words, contents, pick, flowId, priority, hours, enabled, again } = rule
  const whole = { id, name, kind, match, words, contents, pick, flowId, priority, hours, enabled }
  return { ...whole, again: again ?? againByDefault }
}

function flowForm({ id, name, steps, minutes, timeoutText, enabled }: Flow): Flow {
  return { id, name, steps, minutes, timeoutText, enabled }
}

export const ruleVersion = (rule: Rule): string => versionOf(ruleForm(rule))
export const flowVersion = (flow: Flow): string => versionOf(flowForm(flow))

/** The owner is locked, so that its limits hold whoever else changes its rules. */
async function change<Content, T>(
  ctx: Core,
  { kind, owner }: RuleEditor<Content>,
  write: (tx: Db) => Promise<T>,
): Promise<T> {
  const result = await ctx.db.transaction().execute(async tx => {
    await kind.lock(tx, owner)
    const written = await write(tx)
    await signal(tx, 'wisp_config', owner.corpId)
    return written
  })
  await ctx.reloadConfig(owner.corpId)
  return result
}

async function checkTogether<Content>(
  tx: Db,
  { kind, owner }: RuleEditor<Content>,
  all: readonly NewRule[],
  changed: readonly NewRule[],
): Promise<void> {
  if (all.length > rulesAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(kind.one.zh)}最多 ${own(rulesAtMost)} 条规则`,
      en: told`${own(kind.one.en)} has at most ${own(rulesAtMost)} rules`,
    })
  const flows = await store.flowsOf(tx, owner)
  if (changed.some(rule => rule.match === 'regex')) checkRegexes(kind.one, all, flows)
  const flowIds = new Set(changed.map(rule => rule.flowId).filter(id => id !== null))
  const known = new Set(flows.map(flow => flow.id))
  for (const id of flowIds) if (!known.has(id)) throw unknownFlow(id)
}

/** Each message may have to be compared with all of them. Throws 1000. */
function checkRegexes(one: Words, rules: readonly NewRule[], flows: readonly NewFlow[]): void {
  const ofRules = rules.flatMap(rule => (rule.match === 'regex' ? rule.words : []))
  const n = ofRules.length + flows.flatMap(regexesOf).length
  if (n > regexesAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(one.zh)}的规则与流程最多 ${own(regexesAtMost)} 个正则表达式，现在会有 ${own(n)} 个`,
      en: told`the rules and flows of ${own(one.en)} have at most ${own(regexesAtMost)} regular expressions, and would have ${own(n)}`,
    })
}

function note<Content>(
  tx: Db,
  ctx: Core,
  { actor, kind, owner }: RuleEditor<Content>,
  act: `${'rule' | 'flow'}.${'add' | 'set' | 'remove'}`,
  targetName: string,
  detail: Detail,
): Promise<void> {
  const { corpId } = owner
  const target = auditTarget(owner)
  return record(tx, ctx, { corpId, actor, act: `${kind.acts}.${act}`, target, targetName, detail })
}

export function unknownRule(id: number): ApiError {
  return new ApiError('badParameter', { zh: told`没有规则 ${id}`, en: told`there is no rule ${id}` })
}

function unknownFlow(id: number): ApiError {
  return new ApiError('badParameter', { zh: told`没有流程 ${id}`, en: told`there is no flow ${id}` })
}
