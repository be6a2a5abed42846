import { describe, expect, it } from 'vitest'
import type {
  ApprovalDetail,
  ApprovalPerson,
  ApprovalStep,
} from '../../../upstream/wecom/approvals/detail.ts'
import { holdersOf, openStep, readDetail, readOpenData } from '../../../upstream/wecom/approvals/detail.ts'
import { changesSince } from './changes.ts'

const person = (userId: string, status: ApprovalPerson['status'] = 'pending', at = 0): ApprovalPerson => ({
  userId,
  status,
  at,
  speech: '',
})
const step = (people: ApprovalPerson[], change: Partial<ApprovalStep> = {}): ApprovalStep => ({
  kind: 'approve',
  mode: 'any',
  status: 'pending',
  people,
  ...change,
})
const detail = (change: Partial<ApprovalDetail> = {}): ApprovalDetail => ({
  no: '1',
  templateId: 't',
  name: '请假',
  applicant: 'a',
  appliedAt: 100,
  status: 'pending',
  steps: [step([person('b'), person('c')]), step([person('d')])],
  contents: [],
  ...change,
})
const passed = detail({
  status: 'approved',
  steps: [
    step([person('b', 'transferred', 110), person('e', 'approved', 120), person('c')], {
      status: 'approved',
    }),
    step([person('d', 'approved', 130)], { status: 'approved' }),
  ],
})
const told = (changes: ReturnType<typeof changesSince>['changes']) =>
  changes.map(({ action, status, step, by }) => `${action} ${status} ${step} ${by}`)

describe('changes', () => {
  it('come each once, in order, however often the detail was read', () => {
    const all = [
      'submitted pending 0 a',
      'transferred pending 1 b',
      'approved pending 1 e',
      'approved approved 2 d',
    ]
    expect(told(changesSince([], passed).changes)).toEqual(all)
    const first = changesSince([], detail())
    expect(told(first.changes)).toEqual(all.slice(0, 1))
    expect(changesSince(first.told, detail()).changes).toEqual([])
    const last = changesSince(first.told, passed)
    expect(told(last.changes)).toEqual(all.slice(1))
    expect(changesSince(last.told, passed).changes).toEqual([])
    const revoked = changesSince(last.told, { ...passed, status: 'revoked' })
    expect(told(revoked.changes)).toEqual(['revoked revoked 2 a'])
    expect(told(changesSince([], { ...passed, status: 'revoked' }).changes)).toEqual([
      ...all.slice(0, 3),
      'approved approved 2 d',
      'revoked revoked 2 a',
    ])
  })

  it('tell what no decision explains', () => {
    const first = changesSince([], detail())
    expect(told(changesSince(first.told, detail({ status: 'withdrawn' })).changes)).toEqual([
      'withdrawn withdrawn 2 a',
    ])
    const other = detail({ steps: [step([person('b'), person('x')])] })
    const moved = changesSince(first.told, other)
    expect(told(moved.changes)).toEqual(['moved pending 1 '])
    expect(told(changesSince(moved.told, detail()).changes)).toEqual(['moved pending 1 '])
  })
})

describe('who has it', () => {
  it('is the first step that waits, all or the first of it, and never a copy', () => {
    expect([openStep(detail()), holdersOf(detail())]).toEqual([1, ['b', 'c']])
    const order = detail({
      steps: [
        step([person('k')], { kind: 'copy' }),
        step([person('b', 'approved', 1), person('c'), person('d')], { mode: 'order' }),
      ],
    })
    expect([openStep(order), holdersOf(order)]).toEqual([2, ['c']])
    expect(holdersOf(passed)).toEqual([])
  })

  it('is read of either form, old and new', () => {
    const record = {
      sp_status: 1,
      approverattr: 1,
      details: { approver: { userid: 'b' }, speech: '', sp_status: 1, sptime: '' },
    }
    const info = {
      sp_no: 2 ** 60,
      sp_status: 1,
      template_id: 't',
      applyer: { userid: 'a' },
      apply_time: 5,
      sp_record: record,
    }
    expect(readDetail('1152921504606846977', 'x', info)).toMatchObject({
      no: '1152921504606846977',
      steps: [{ mode: 'any', people: [{ userId: 'b', at: 0 }] }],
    })
    const open = { OpenSpstatus: 4, OpenTemplateId: 't', ApplyUserId: 'a', ApprovalNodes: [] }
    expect(readOpenData('n', 'x', open)).toMatchObject({ status: 'withdrawn', steps: [] })
    expect(() => readDetail('1', 'x', { ...info, sp_status: 99 })).toThrow(/status/)
  })
})
