import { formatDuration } from '../../../../platform/format.ts'
import type { Words } from '../../../../platform/words.ts'
import { explainErrcode, OfficialError, OfficialUnavailable } from '../../../../upstream/official/errors.ts'

/** Longer than one call, shorter than all its repetitions: a person is waiting. */
const giveUpMs = 20_000

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    const error = new OfficialUnavailable('', 'timeout', `no answer within ${formatDuration(giveUpMs).en}`, {
      ambiguous: true,
    })
    timer = setTimeout(() => reject(error), giveUpMs)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** WeChat's answer, or in words why there is none. Everything that is not WeChat's fault is thrown. */
export async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ value: T } | { error: OfficialError | OfficialUnavailable; why: Words }> {
  try {
    return { value: await inTime(work()) }
  } catch (error) {
    if (error instanceof OfficialError) {
      const { errcode, rid } = error
      const { text } = explainErrcode(errcode)
      const end = rid ? `, rid: ${rid}` : ''
      return {
        error,
        why: {
          zh: `微信返回 ${errcode}：${text.zh}${end}`,
          en: `WeChat answered ${errcode}: ${text.en}${end}`,
        },
      }
    }
    if (error instanceof OfficialUnavailable)
      return { error, why: { zh: '微信没有可用的应答', en: 'WeChat gave no usable answer' } }
    throw error
  }
}
