import { describe, expect, it } from 'vitest'
import { parseXml } from '../../transport/xml.ts'
import { createApprovals, TooManyApprovals } from './calls.ts'
import { approvalIn } from './event.ts'

/** Beyond 2^53: as a number it loses its last digits. */
const no = '20261203000000000017'
const asked = { templateId: 't', from: 1_796_000_000, to: 1_796_100_000 }
/** What WeCom writes, read as any answer is. */
const answering = (text: string) => createApprovals(async () => JSON.parse(text))

describe('the number of an approval', () => {
  it('is taken as a text, and never as a number, which has lost digits', async () => {
    const submission = { applicant: 'a', templateId: 't', steps: undefined, contents: [], summary: ['x'] }
    expect(await answering(`{"errcode":0,"sp_no":"${no}"}`).apply(submission)).toBe(no)
    const lost = answering(`{"errcode":0,"sp_no":${no}}`).apply(submission)
    await expect(lost).rejects.toMatchObject({ ambiguous: true })
    const listed = answering(`{"errcode":0,"sp_no_list":["${no}",${no}]}`).numbers(asked)
    expect(await listed).toEqual([no])
  })

  it('is read of a push with or without SpNoStr', () => {
    const told = (info: string) => {
      const fields = parseXml(`<xml><ApprovalInfo>${info}</ApprovalInfo></xml>`)
      return approvalIn({ event: 'sys_approval_change', fields })
    }
    const rest = '<TemplateId><![CDATA[t]]></TemplateId>'
    const found = { flow: 'wecom', no, templateId: 't' }
    expect(told(`<SpNoStr><![CDATA[${no}]]></SpNoStr><SpNo>20261203000000000000</SpNo>${rest}`)).toEqual(
      found,
    )
    expect(told(`<SpNo>${no}</SpNo>${rest}`)).toEqual(found)
    expect(told(rest)).toBeUndefined()
    expect(told(`<SpNo>${'1'.repeat(129)}</SpNo>${rest}`)).toBeUndefined()
    expect(approvalIn({ event: 'sys_approval_change', fields: parseXml('<xml></xml>') })).toBeUndefined()
  })
})

it('a list of numbers goes on to its end, which may come after pages without any, and says when it is too long', async () => {
  const pages = ['["1"]', '[]', '["2","3"]']
  const paged = createApprovals(async (_path, { body }) => {
    const at = Number((body as { new_cursor: string }).new_cursor || 0)
    const next = at + 1 < pages.length ? `,"new_next_cursor":"${at + 1}"` : ''
    return JSON.parse(`{"errcode":0,"sp_no_list":${pages[at]}${next}}`)
  })
  expect(await paged.numbers(asked)).toEqual(['1', '2', '3'])
  let calls = 0
  const page = { errcode: 0, errmsg: 'ok', sp_no_list: ['1'], new_next_cursor: 'x' }
  const endless = createApprovals(async () => {
    calls++
    return page
  })
  const failed = endless.numbers(asked)
  await expect(failed).rejects.toThrow(TooManyApprovals)
  await expect(failed).rejects.toThrow(/more than 20000 approvals by template t from 2026-11-30T/)
  expect(calls).toBe(200)
})
