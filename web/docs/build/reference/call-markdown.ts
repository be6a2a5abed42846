import type { Schema } from '../../shared/call.ts'
import type { Language } from '../content.ts'
import { put, words } from '../words.ts'
import { curlOf, tokenOf } from './call-page.ts'
import { type Call, choicesOf, typeOf } from './calls.ts'

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
    fields(call.fields.map(({ name, schema, required }) => [name, schema, required])) || w.noParameters,
    `## ${w.answer}`,
    call.media ? put(w.answerIsOther, { type: call.media }) : shapes(call.body) || w.emptyBody,
    `## ${w.errorsOfCall}`,
    call.errors.map(code => `- ${code} ${errorText(code)}`).join('\n'),
    `## ${w.request}`,
    `\`\`\`sh\n${curlOf(call)}\n\`\`\``,
    ...(call.sample
      ? [`## ${w.sampleAnswer}`, `\`\`\`${call.media ? 'text' : 'json'}\n${call.sample.trimEnd()}\n\`\`\``]
      : []),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`

  function fields(list: [string, Schema, boolean][], indent = ''): string {
    return list
      .map(([name, schema, required]) => {
        const { properties, required: needed = [] } = schema.items ?? schema
        const choices = choicesOf(schema)
        const values = choices.length > 0 ? `（${choices.join(' | ')}）` : ''
        const head = `${indent}- \`${name}\` (${typeOf(schema)}, ${required ? w.required : w.optional})${values} ${schema.description ?? ''}`
        const below = Object.entries(properties ?? {}).map(
          ([inner, one]) => [inner, one, needed.includes(inner)] as [string, Schema, boolean],
        )
        return [head.trimEnd(), ...(below.length > 0 ? [fields(below, `${indent}  `)] : [])].join('\n')
      })
      .join('\n')
  }

  function shapes(body: Schema | undefined): string {
    const list = (body?.anyOf ?? [body ?? {}]).filter(one => one.properties)
    return list
      .map(({ properties = {}, required = [] }) =>
        fields(Object.entries(properties).map(([name, one]) => [name, one, required.includes(name)])),
      )
      .filter(Boolean)
      .join(`\n\n${w.or}\n\n`)
  }
}
