// node people-source.ts 3 ../people.csv
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Wisp } from './wisp.ts'

type PutAnswer = { people: { key: string; why: string }[] }
type Run = { id: number; kind: string; state: string }
type Envelope<T> = { retCode: string; retMessage: string; body: T }
type Row = { kind: string; key: string; name: string; result: string }

const wisp = Wisp.fromEnvironment()
const [id = '', file = ''] = process.argv.slice(2)
const sourceId = Number(id)

// 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。The columns are those of the source.
const [columns = [], ...lines] = cellsOf(readFileSync(file, 'utf8'))
const people = lines.map(cells => Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])))

// 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
// Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
for (let at = 0; at < people.length; at += 500) {
  const put = { sourceId, people: people.slice(at, at + 500) }
  const answer = await wisp.post<PutAnswer>('/api/source/put', put)
  // 每行各有结果。Each row has a result of its own.
  for (const { key, why } of answer.people) if (why) console.error(key, why)
}

// 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
const before = (await latest())?.id ?? 0
await wisp.post('/api/source/put', { sourceId, complete: '1' })
const run = await previewed()
const query = { runId: String(run.id), pageSize: '200' }
const { list, total } = await manage<{ list: Row[]; total: number }>('/api/admin/source/rows', query)
console.log(run.id, run.state, total)
for (const { kind, key, name, result } of list) console.log(kind, key, name || result)

async function previewed(): Promise<Run> {
  const until = Date.now() + 60_000
  for (;;) {
    const last = await latest()
    if (last && last.id > before) return last
    if (Date.now() >= until)
      throw new Error('没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console')
    await sleep(1000)
  }
}

async function latest(): Promise<Run | undefined> {
  const runs = await manage<{ list: Run[] }>('/api/admin/source/runs', { id })
  return runs.list.find(one => one.kind === 'write')
}

/** 管理接口使用管理令牌。Calls of management take an admin token. */
async function manage<T>(path: string, query: Record<string, string>): Promise<T> {
  const { WISP_URL, ADMIN_TOKEN } = process.env
  const answer = await fetch(`${WISP_URL}${path}?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    signal: AbortSignal.timeout(30_000),
  })
  const { retCode, retMessage, body } = (await answer.json()) as Envelope<T>
  if (retCode !== '0') throw new Error(`${retCode} ${retMessage}`)
  return body
}

/** 单元格可以写在引号中，其中没有换行。Cells may be in quotes, without line breaks. */
function cellsOf(csv: string): string[][] {
  const lines = csv.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.filter(Boolean).map(line => {
    const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)
    return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
  })
}
