import { WecomError } from '../rules/errcodes.ts'
import { type Decision, type DecisionKind, decide } from './decide.ts'
import {
  type Approval,
  type ApprovalTemplate,
  current,
  type Flow,
  type NewStep,
  sampleTemplates,
} from './records.ts'

/** What the journal keeps. */
export type ApprovalEntry = { approval: Approval } | { approvalTemplate: ApprovalTemplate }

/** StatuChangeEvent (docs/upstream/wecom-approvals.md#events). */
export const happenings = {
  submit: 1,
  agree: 2,
  reject: 3,
  transfer: 4,
  urge: 5,
  withdraw: 6,
  revoke: 8,
  comment: 10,
  return: 11,
  add: 12,
  agreeAndAdd: 13,
  handle: 14,
  handOver: 15,
} as const satisfies Record<DecisionKind, number> & Record<string, number>
export type EventName = keyof typeof happenings
/** What somebody does with an approval on the telephone. */
export type ApprovalAct = Decision | 'urge' | 'withdraw' | 'revoke' | 'comment'

export interface NewApproval {
  template: ApprovalTemplate
  applicant: string
  party: number
  steps: NewStep[]
  contents: Approval['contents']
  thirdNo?: string
}

export interface ApprovalActInput {
  act: ApprovalAct
  flow: Flow
  no: string
  userid: string
  /** Who gets it, at a transfer or a return, and who is added. */
  to?: string
  text?: string
}

export interface ApprovalOptions {
  now: () => number
  keep: (entry: ApprovalEntry) => void
  /** Told after each act, in order; what it pushes is nobody's business here. */
  tell: (approval: Approval, happening: EventName) => void
}

/** 审批 of the corp: templates, and what was submitted by calls, pages and telephones. */
export class Approvals {
  readonly #options: ApprovalOptions
  #templates = new Map(sampleTemplates.map(one => [one.templateId, one]))
  readonly #approvals = new Map<string, Approval>()
  #last = 0

  constructor(options: ApprovalOptions) {
    this.#options = options
  }

  templates(): ApprovalTemplate[] {
    return [...this.#templates.values()]
  }

  template(templateId: string): ApprovalTemplate | undefined {
    return this.#templates.get(templateId)
  }

  putTemplate(approvalTemplate: ApprovalTemplate): void {
    this.#options.keep({ approvalTemplate })
    this.restore({ approvalTemplate })
  }

  find(flow: Flow, no: string): Approval | undefined {
    return this.#approvals.get(keyOf({ flow, no }))
  }

  /** The latest first. */
  all(): Approval[] {
    return [...this.#approvals.values()].toReversed()
  }

  /** Throws 301025 for a thirdNo that was used before. */
  submit({ template, applicant, party, steps, contents, thirdNo }: NewApproval): Approval {
    const { flow, templateId, name } = template
    const no = thirdNo ?? this.#nextNo()
    if (this.find(flow, no)) throw new WecomError(301025, 'thirdNo exists')
    const approval: Approval = {
      flow,
      no,
      templateId,
      name,
      applicant,
      party,
      appliedAt: this.#seconds(),
      status: 1,
      steps: steps.map(({ type, rel, userids }) => ({
        type,
        rel,
        status: 1,
        people: userids.map(userid => ({ userid, speech: '', status: 1, at: 0 })),
      })),
      contents,
      comments: [],
    }
    if (!current(approval)) approval.status = 2
    this.#put(approval, 'submit')
    return approval
  }

  /** Does what somebody does; throws an Error with words for who may not. */
  act({ act, flow, no, userid, to, text = '' }: ApprovalActInput): Approval {
    const known = this.find(flow, no)
    if (!known) throw new Error(`there is no approval ${no}`)
    const approval = structuredClone(known)
    const isApplicant = approval.applicant === userid
    let happening: EventName = act
    if (act === 'comment') this.#comment(approval, userid, text)
    else if (act === 'urge' || act === 'withdraw') {
      if (!isApplicant || approval.status !== 1) throw new Error('only the applicant, while it is pending')
      if (act === 'withdraw') approval.status = 4
    } else if (act === 'revoke') {
      if (!isApplicant || approval.status !== 2) throw new Error('only the applicant, once it has passed')
      approval.status = 6
    } else happening = decide(approval, { act, userid, to, text, at: this.#seconds() })
    this.#put(approval, happening)
    return approval
  }

  #comment(approval: Approval, userid: string, text: string): void {
    const id = String(approval.comments.length + 1)
    approval.comments.push({ userid, text, at: this.#seconds(), id })
  }

  restore(entry: ApprovalEntry): void {
    if ('approvalTemplate' in entry) {
      this.#templates.set(entry.approvalTemplate.templateId, entry.approvalTemplate)
      return
    }
    this.#approvals.set(keyOf(entry.approval), entry.approval)
    if (entry.approval.flow === 'wecom')
      this.#last = Math.max(this.#last, Number(entry.approval.no.slice(-10)))
  }

  clear(): void {
    this.#templates = new Map(sampleTemplates.map(one => [one.templateId, one]))
    this.#approvals.clear()
  }

  #put(approval: Approval, happening: EventName): void {
    this.#options.keep({ approval })
    this.restore({ approval })
    this.#options.tell(approval, happening)
  }

  /** Beyond 2^53, as WeCom's may be. */
  #nextNo(): string {
    const day = new Date(this.#options.now()).toISOString().slice(0, 10).replaceAll('-', '')
    return `${day}${String(++this.#last).padStart(12, '0')}`
  }

  #seconds(): number {
    return Math.floor(this.#options.now() / 1000)
  }
}

const keyOf = ({ flow, no }: Pick<Approval, 'flow' | 'no'>) => `${flow} ${no}`
