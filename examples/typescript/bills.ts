// node bills.ts 2026-11-0001 zhangsan 11月餐费 12850
import { Wisp } from './wisp.ts'

type Bill = { billId: string; billNo: string; title: string; amount: number; state: string }

const wisp = Wisp.fromEnvironment()
const [billNo, userId = '', title, fen] = process.argv.slice(2)
// 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
const created = { billNo, userId, title, amount: Number(fen) }
const { billId } = await wisp.post<Bill>('/api/pay/bill/create', created)
console.log('billId', billId)
for (let pageNo = 1, more = true; more; pageNo++) {
  const query = { userId, state: 'open', pageNo, pageSize: 100 }
  const { list } = await wisp.get<{ list: Bill[] }>('/api/pay/bill/list', query)
  for (const bill of list) console.log(bill.billNo, bill.title, (bill.amount / 100).toFixed(2), bill.state)
  more = list.length === query.pageSize
}
