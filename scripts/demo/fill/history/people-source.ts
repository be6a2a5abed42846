import { membersNamed } from '../../../../server/features/source/person-store.ts'
import { previewNow } from '../../../../server/features/source/preview-now.ts'
import { approveRun } from '../../../../server/features/source/runs/approve-run.ts'
import { isReadBack } from '../../../../server/features/source/runs/read-back.ts'
import { findRun, runsOf } from '../../../../server/features/source/runs/run-store.ts'
import { addSource } from '../../../../server/features/source/set-source.ts'
import { sourcesOf } from '../../../../server/features/source/source-store.ts'
import { userKey } from '../../../../server/organisation/directory/mirror/members.ts'
import type { DepartmentTree } from '../../../../server/organisation/directory/mirror/tree.ts'
import { type HistoryFill, until } from './part.ts'

const name = '人事系统'
/** 张三 uploads the tables and approves the first one. */
const by = 'zhangsan'

type Column = '工号' | '账号' | '姓名' | '手机' | '部门' | '职务' | '直属上级工号' | '状态'
type Line = Record<Column, string>

/** The first people have bills, messages and to-dos, and stay as they are. */
const firstKnown = 24
const knownAtMost = 26
/** Of fewer people, one who leaves would be more than 5 %. */
const knownAtLeast = 18

/**
 * A source of people with two tables that 张三 has uploaded: the first one was written, and made three new members; the preview of the
 * second one waits, with joiners, a mover, a leaver, a new department and a line with an error.
 */
export async function fillPeopleSource(filling: HistoryFill): Promise<void> {
  const { ctx, corpId } = filling
  const known = await knownLines(filling)
  if (known.length < knownAtLeast) return
  const source = (await sourcesOf(ctx.db, corpId)).find(one => one.name === name)
  const settings = { name, userId: '账号', status: '状态' }
  const id = source?.id ?? (await addSource(ctx, by, corpId, 'file', settings))
  const runs = await runsOf(ctx.db, corpId, id, { limit: 2 })
  if (runs.length > 1) return
  const first = firstTable(known)
  const runId = runs[0]?.id ?? (await previewNow(ctx, by, corpId, id, csvOf(first))) ?? 0
  if ((await findRun(ctx.db, corpId, runId))?.state === 'preview') await approveRun(ctx, by, corpId, runId)
  await until('what the source of people writes', async () => {
    const run = await findRun(ctx.db, corpId, runId)
    return run?.endedAt != null && (await isReadBack(ctx, corpId))
  })
  await previewNow(ctx, by, corpId, id, csvOf(secondTable(first)))
}

/** People of the address book as it has them. Those who are directly below the root have no path. */
async function knownLines({ ctx, corpId, people }: HistoryFill): Promise<Line[]> {
  const chosen = people.slice(firstKnown, firstKnown + knownAtMost)
  const keys = chosen.map(one => userKey(one.userId))
  const { tree } = ctx.mirrors.of(corpId)
  const members = await membersNamed(ctx.db, corpId, { ids: [], keys })
  return members
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ userId, name, mobile, position, departments, mainDepartment }, n) => {
      const main = departments.filter(one => one === mainDepartment)
      const paths = [...new Set([...main, ...departments])].map(one => pathOf(tree, one))
      if (paths.includes('')) return []
      const line = lineOf(`HR${1001 + n}`, name, mobile, paths.join(';'), position)
      return [{ ...line, 账号: userId }]
    })
}

/** Names from below the root, such as 研发中心/测试部; '' for the root. */
function pathOf(tree: DepartmentTree, departmentId: number): string {
  const names: string[] = []
  for (let node = tree.get(departmentId); node?.parent; node = node.parent)
    names.unshift(node.department.name)
  return names.join('/')
}

function lineOf(工号: string, 姓名: string, 手机: string, 部门: string, 职务: string): Line {
  return { 工号, 账号: '', 姓名, 手机, 部门, 职务, 直属上级工号: '', 状态: '在职' }
}

/** `of` counts known people, whose department and superior a joiner gets. The sandbox gives nobody such mobile numbers. */
function joiner(known: readonly Line[], of: number, 工号: string, 姓名: string, 手机: string): Line {
  const { 工号: 直属上级工号 = '', 部门 = '' } = known[of] ?? {}
  return { ...lineOf(工号, 姓名, 手机, mainOf(部门), '管培生'), 直属上级工号 }
}

const mainOf = (paths: string): string => paths.split(';')[0] ?? ''

/** With what is changed of these people, counted from 0. */
function withChanges(lines: readonly Line[], changes: Readonly<Record<number, Partial<Line>>>): Line[] {
  return lines.map((line, n) => ({ ...line, ...changes[n] }))
}

/** The main department of somebody else than this person's. */
function elsewhere(lines: readonly Line[], n: number): string {
  const own = mainOf(lines[n]?.部门 ?? '')
  return lines.map(one => mainOf(one.部门)).find(path => path !== own) ?? own
}

function firstTable(known: readonly Line[]): Line[] {
  return [
    ...withChanges(known, { 4: { 部门: elsewhere(known, 4) }, 7: { 职务: '高级主管' } }),
    joiner(known, 0, 'HR2101', '林予安', '19900002101'),
    joiner(known, 5, 'HR2102', '沈嘉禾', '19900002102'),
    joiner(known, 9, 'HR2103', '顾清和', '19900002103'),
  ]
}

function secondTable(first: readonly Line[]): Line[] {
  const 部门 = `${mainOf(first[2]?.部门 ?? '')}/智能应用组`
  return [
    ...withChanges(first, {
      3: { 直属上级工号: 'HR9999' },
      6: { 部门: elsewhere(first, 6) },
      10: { 职务: '资深专家' },
      12: { 状态: '离职' },
    }),
    joiner(first, 1, 'HR2104', '江知夏', '19900002104'),
    { ...joiner(first, 2, 'HR2105', '陆言川', '19900002105'), 部门 },
  ]
}

function csvOf(lines: readonly Line[]): Buffer {
  const quoted = (cells: readonly string[]) => cells.map(one => `"${one.replaceAll('"', '""')}"`).join(',')
  const rows = [Object.keys(lines[0] ?? {}), ...lines.map(one => Object.values(one))]
  return Buffer.from(`${rows.map(quoted).join('\n')}\n`)
}
