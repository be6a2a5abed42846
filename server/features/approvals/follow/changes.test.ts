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

describe('a return and an added approver', () => {
  const two = detail({
    steps: [step([person('b', 'approved', 110)], { status: 'approved' }), step([person('d')])],
  })
  const known = changesSince([], two).told
  const returned = step([person('d', 'returned', 120)], { status: 'returned' })

  it('is told as what it is, whether WeCom appends the steps or opens the earlier one again', () => {
    const appended = detail({ steps: [two.steps[0]!, returned, step([person('b')]), step([person('d')])] })
    const reopened = detail({ steps: [step([person('b')]), returned] })
    for (const read of [appended, reopened])
      expect([told(changesSince(known, read).changes), holdersOf(read)]).toEqual([
        ['returned pending 2 d'],
        ['b'],
      ])
    const traceless = detail({ steps: [step([person('b')]), step([person('d')])] })
    expect([told(changesSince(known, traceless).changes), holdersOf(traceless)]).toEqual([
      ['moved pending 1 '],
      ['b'],
    ])
    const again = step([person('b', 'approved', 130)], { status: 'approved' })
    const after = changesSince(changesSince(known, appended).told, {
      ...appended,
      steps: [two.steps[0]!, returned, again, step([person('d')])],
    })
    expect(told(after.changes)).toEqual(['approved pending 3 b'])
  })

  it('tells nothing once more when a step comes in front of what was decided', () => {
    const front = detail({ steps: [step([person('x', 'added', 105)], { status: 'added' }), ...two.steps] })
    expect(told(changesSince(known, front).changes)).toEqual(['added pending 1 x'])
    const auto = step([person('b', 'approved', 110)], { status: 'approved' })
    const twice = detail({ steps: [auto, auto, step([person('d')])] })
    expect(told(changesSince(known, twice).changes)).toEqual(['approved pending 2 b'])
    expect(changesSince(changesSince(known, twice).told, twice).changes).toEqual([])
  })

  it('lets those decide who were added, in the same step or in one of their own', () => {
    const within = detail({
      steps: [step([person('b', 'added', 110), person('x')], { status: 'added' }), step([person('d')])],
    })
    expect([openStep(within), holdersOf(within)]).toEqual([1, ['x']])
    const behind = detail({
      steps: [
        step([person('b', 'approvedAndAdded', 110)], { status: 'approvedAndAdded' }),
        step([person('x')]),
        step([person('d')]),
      ],
    })
    expect([openStep(behind), holdersOf(behind)]).toEqual([2, ['x']])
    expect(told(changesSince(changesSince([], detail()).told, behind).changes)).toEqual([
      'approvedAndAdded pending 1 b',
    ])
  })

  it('has its numbers in the detail, and what was handled ends an approval once', () => {
    const node = (type: number, status: number, userid: string) => ({
      node_type: type,
      sp_status: status,
      apv_rel: 2,
      sub_node_list: [{ userid, speech: '', sp_yj: status, sptime: 110 }],
    })
    const nodes = [
      [1, 11],
      [1, 12],
      [1, 13],
      [3, 15],
      [3, 14],
      [1, 99],
    ].map(([type, status]) => node(type!, status!, `u${status}`))
    const info = {
      sp_status: 2,
      template_id: 't',
      applyer: { userid: 'a' },
      apply_time: 5,
      process_list: { node_list: nodes },
    }
    const read = readDetail('1', 'x', info)
    expect(read.steps.map(one => one.people[0]?.status)).toEqual([
      'returned',
      'added',
      'approvedAndAdded',
      'transferred',
      'handled',
      'other',
    ])
    const handled = { ...read, steps: read.steps.slice(4, 5) }
    expect(told(changesSince([], handled).changes)).toEqual([
      'submitted pending 0 a',
      'handled approved 1 u14',
    ])
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
