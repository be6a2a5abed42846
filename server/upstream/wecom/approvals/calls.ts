import type { UpstreamAnswer } from '../../transport/exchange.ts'
import type { WecomErrand } from '../chats.ts'
import { WecomUnavailable } from '../errors.ts'
import { type ApprovalDetail, readDetail, readOpenData } from './detail.ts'
import type { FormContent } from './encode.ts'
import { readTemplate, type TemplateField } from './template.ts'

export type ApprovalStepOrder = { kind: 1 | 2 | 3; rel: 1 | 2 | 3; userIds: readonly string[] }

export type Submission = {
  applicant: string
  templateId: string
  /** Undefined: those of the template. */
  steps: readonly ApprovalStepOrder[] | undefined
  contents: readonly FormContent[]
  /** At most three, of 20 characters each. */
  summary: readonly string[]
}

/**
 * 审批 by one agent (docs/upstream/wecom-approvals.md). There is one attempt per call. Throws WecomError when WeCom refuses, and
 * WecomUnavailable, whose `ambiguous` says whether a submission may have worked.
 */
export type WecomApprovals = {
  template(templateId: string): Promise<{ name: string; fields: TemplateField[] }>
  /** Returns the sp_no, a text. */
  apply(submission: Submission): Promise<string>
  /** Numbers of what a member submitted by a template, the oldest first; times in seconds. Throws TooManyApprovals beyond 20,000. */
  numbers(asked: { templateId: string; creator?: string; from: number; to: number }): Promise<string[]>
  detail(no: string): Promise<ApprovalDetail>
  /** Of the own flow, by thirdNo. */
  openData(no: string): Promise<ApprovalDetail>
}

const pageSize = 100
const numbersAtMost = 20_000
const lang = 'zh_CN'

/** What is beyond is not there, so that nothing may be concluded from the list. */
export class TooManyApprovals extends Error {
  override readonly name = 'TooManyApprovals'

  constructor(templateId: string, from: number, to: number) {
    const [begin, end] = [from, to].map(seconds => new Date(seconds * 1000).toISOString())
    super(`more than ${numbersAtMost} approvals by template ${templateId} from ${begin} to ${end}`)
  }
}

export function createApprovals(
  call: (path: string, errand: WecomErrand) => Promise<UpstreamAnswer>,
): WecomApprovals {
  return {
    async template(templateId) {
      return readTemplate(await call('/cgi-bin/oa/gettemplatedetail', { body: { template_id: templateId } }))
    },
    async apply({ applicant, templateId, steps, contents, summary }) {
      const path = '/cgi-bin/oa/applyevent'
      const nodes = steps?.map(({ kind, rel, userIds }) => ({ type: kind, apv_rel: rel, userid: userIds }))
      const body = {
        creator_userid: applicant,
        template_id: templateId,
        use_template_approver: nodes ? 0 : 1,
        ...(nodes ? { process: { node_list: nodes } } : {}),
        apply_data: { contents },
        summary_list: summary.map(text => ({ summary_info: [{ text, lang }] })),
      }
      const { sp_no: no } = await call(path, { body })
      if (typeof no === 'string' && no !== '') return no
      throw new WecomUnavailable(path, 'json', 'sp_no is no text', { status: 200, ambiguous: true })
    },
    async numbers({ templateId, creator, from, to }) {
      const filters = [
        { key: 'template_id', value: templateId },
        ...(creator === undefined ? [] : [{ key: 'creator', value: creator }]),
      ]
      const asked = { starttime: String(from), endtime: String(to), size: pageSize, filters }
      const found: string[] = []
      let cursor = ''
      for (let page = 0; page * pageSize < numbersAtMost; page++) {
        const body = { ...asked, new_cursor: cursor }
        const answer = await call('/cgi-bin/oa/getapprovalinfo', { body })
        const { sp_no_list: list, new_next_cursor: next } = answer as Record<string, unknown>
        // A number may have lost its last digits on its way.
        if (Array.isArray(list)) found.push(...list.filter(one => typeof one === 'string'))
        if (typeof next !== 'string' || next === '') return found
        cursor = next
      }
      throw new TooManyApprovals(templateId, from, to)
    },
    async detail(no) {
      const path = '/cgi-bin/oa/getapprovaldetail'
      return readDetail(no, path, (await call(path, { body: { sp_no: no } }))['info'])
    },
    async openData(no) {
      const path = '/cgi-bin/corp/getopenapprovaldata'
      return readOpenData(no, path, (await call(path, { body: { thirdNo: no } }))['data'])
    },
  }
}
