/** A field of a template as WeCom describes it (docs/upstream/wecom-approvals.md#templates). */
export interface Control {
  property: { control: string; id: string; title: { text: string; lang: string }[]; require: 0 | 1 }
  config?: Record<string, unknown>
}

/** `own`: of the approval engine of one self-built application, which only its pages start. */
export type Flow = 'wecom' | 'own'

/** `steps` are the approvers whom the template itself names; empty: the applicant's leader. */
export interface ApprovalTemplate {
  templateId: string
  flow: Flow
  name: string
  controls: Control[]
  steps: NewStep[]
}

export interface NewStep {
  /** 1 approve, 2 copy, 3 handle. */
  type: 1 | 2 | 3
  /** 1 all, 2 any, 3 one after the other. */
  rel: 1 | 2 | 3
  userids: string[]
}

/**
 * Of a step or a person: 1 pending, 2 agreed, 3 refused, 4 handed over, 11 returned, 12 added an approver, 13 agreed and added one, 14 handled, 15
 * handed over what is to be handled (docs/upstream/wecom-approvals.md#reading).
 */
export type StepStatus = 1 | 2 | 3 | 4 | 11 | 12 | 13 | 14 | 15

export interface Approver {
  userid: string
  speech: string
  status: StepStatus
  /** In seconds; 0 until somebody decided. */
  at: number
}

export interface Step {
  type: 1 | 2 | 3
  rel: 1 | 2 | 3
  status: StepStatus
  people: Approver[]
}

export interface Approval {
  flow: Flow
  /** The sp_no, or the thirdNo of an application. */
  no: string
  templateId: string
  name: string
  applicant: string
  party: number
  /** In seconds. */
  appliedAt: number
  /** 1 pending, 2 passed, 3 refused, 4 withdrawn, 6 withdrawn after it passed. */
  status: 1 | 2 | 3 | 4 | 6
  steps: Step[]
  contents: { control: string; id: string; title: unknown; value: unknown }[]
  comments: { userid: string; text: string; at: number; id: string }[]
}

/** The step that waits; undefined when all are over. Copies wait for nobody. */
export function current({ status, steps }: Approval): Step | undefined {
  return status === 1 ? steps.find(one => one.type !== 2 && one.status === 1) : undefined
}

/** Who can decide about a step now. */
export function holders({ rel, people }: Step): Approver[] {
  const open = people.filter(one => one.status === 1)
  return rel === 3 ? open.slice(0, 1) : open
}

const titled = (
  control: string,
  id: string,
  text: string,
  require: 0 | 1,
  config?: Control['config'],
): Control => ({
  property: { control, id, title: [{ text, lang: 'zh_CN' }], require },
  ...(config ? { config } : {}),
})
const option = (key: string, text: string) => ({ key, value: [{ text, lang: 'zh_CN' }] })

/** What the sample corp has; scripts put others. */
export const sampleTemplates: readonly ApprovalTemplate[] = [
  {
    templateId: 'C4SandboxLeave000000000000000000001',
    flow: 'wecom',
    name: '请假',
    steps: [],
    controls: [
      titled('Selector', 'Selector-1', '请假类型', 1, {
        selector: { type: 'single', options: [option('option-1', '事假'), option('option-2', '年假')] },
      }),
      titled('DateRange', 'DateRange-1', '起止时间', 1, { date_range: { type: 'hour' } }),
      titled('Textarea', 'Textarea-1', '请假事由', 1),
      titled('File', 'File-1', '附件', 0),
    ],
  },
  {
    templateId: 'C4SandboxBuy00000000000000000000002',
    flow: 'wecom',
    name: '采购',
    steps: [],
    controls: [
      titled('Tips', 'Tips-1', '说明', 0, { tips: { tips_content: [] } }),
      titled('Text', 'Text-1', '用途', 1),
      titled('Money', 'Money-1', '总金额', 1),
      titled('Date', 'Date-1', '需要日期', 0, { date: { type: 'day' } }),
      titled('Contact', 'Contact-1', '使用人', 0, { contact: { type: 'multi', mode: 'user' } }),
      titled('PhoneNumber', 'PhoneNumber-1', '联系电话', 0),
      titled('Table', 'Table-1', '明细', 0, {
        table: { children: [titled('Text', 'Text-2', '物品', 1), titled('Number', 'Number-2', '数量', 1)] },
      }),
    ],
  },
  { templateId: 'sandboxOwnFlow', flow: 'own', name: '用印', steps: [], controls: [] },
]
