import { checkText } from '../rules.ts'
import { UploadedFile } from './file-input.ts'
import { formParts } from './multipart.ts'

const textAtMost = 4096
const nothingStored = { zh: '没有保存', en: 'nothing was stored' } as const

/** The inputs of a call that came as a form: files, and texts. Throws 1000. */
export async function readForm(type: string, body: Buffer): Promise<Record<string, unknown>> {
  const parts = await formParts(type, body, nothingStored)
  return Object.fromEntries(
    parts.map(({ name, fileName, bytes }) => {
      if (fileName !== undefined) return [name, new UploadedFile(fileName, bytes)]
      const text = bytes.toString('utf8')
      checkText(text, name, textAtMost, true)
      return [name, text]
    }),
  )
}
