// node read-changes.ts 0
import { Wisp } from './wisp.ts'

type Change = { seq: number; kind: string; op: string; id: string }
type Page = { list: Change[]; next: number; more: boolean; resync: boolean }

const wisp = Wisp.fromEnvironment()
let since = Number(process.argv[2])
for (let more = true; more; ) {
  const page = await wisp.get<Page>('/api/directory/changes', { since })
  for (const { seq, kind, op, id } of page.list) console.log(seq, kind, op, id)
  if (page.resync) console.log('请全量读取 / read everything')
  // 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
  since = page.next
  more = page.more
}
console.log('next', since)
