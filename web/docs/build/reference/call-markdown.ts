import type { Language } from '../content.ts'
import { put, words } from '../words.ts'
import { curlOf, tokenOf } from './call-page.ts'
import { type Call, inputsOf } from './calls.ts'
import { fieldLines } from './field-list.ts'

/** The page of a call as plain Markdown, for tools. */
export function callMarkdown(call: Call, language: Language, errorText: (code: string) => string): string {
  const w = words[language]
  const { summary, methods, path, section, scope, adminScope, description } = call
  const token = tokenOf(call, language)
  const access = scope ? `${w.needs} \`${scope}\`` : adminScope ? `${token} (\`${adminScope}\`)` : token
  const origin = section === 'wisp' ? w.own : put(w.documentSection, { s: section })
  const parts = [
    `# ${summary}`,
    `\`${methods.join('|')} ${path}\` · ${origin} · ${access}`,
    description,
    `## ${w.parameters}`,
    fieldLines(inputsOf(call), language, { isInput: true }) || w.noParameters,
    `## ${w.answer}`,
    call.media
      ? put(w.answerIsOther, { type: call.media })
      : fieldLines(call.body ?? {}, language) || w.emptyBody,
    `## ${w.errorsOfCall}`,
    call.errors.map(code => `- ${code} ${errorText(code)}`).join('\n'),
    `## ${w.request}`,
    `\`\`\`sh\n${curlOf(call)}\n\`\`\``,
    ...(call.sample
      ? [`## ${w.sampleAnswer}`, `\`\`\`${call.media ? 'text' : 'json'}\n${call.sample.trimEnd()}\n\`\`\``]
      : []),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}
