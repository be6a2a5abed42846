import { siteSections } from '../../content/contents.ts'
import { codePieces } from '../../shared/colours.ts'
import type { Language } from '../content.ts'
import { codeBlock, coloured, escapeHtml } from '../html.ts'
import { addressOf, type Page } from '../page.ts'
import { arrow, box, drawing, note } from '../pictures/drawing.ts'
import { type SiteWords, words } from '../words.ts'

const firstMessage = `TOKEN=$(curl -s 'https://wisp.example.com/api/token/getDevToken?devId=DEV_ID&devSecret=DEV_SECRET' \\
  | sed 's/.*"devToken":"\\([^"]*\\)".*/\\1/')
curl -X POST 'https://wisp.example.com/api/message/send' \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"toUser": ["zhangsan"], "sendType": "0", "msgType": "03", "agentName": "wisp", "content": "hello"}'`

export function homePage(pages: readonly Page[], language: Language): Page {
  const w = words[language]
  const card = (to: string, title: string, summary: string) =>
    `<li><a href="${to}"><b>${escapeHtml(title)}</b><span>${escapeHtml(summary)}</span></a></li>`
  const parts = siteSections.map(section => ({
    to: addressOf({ name: section.name, language }),
    title: section.title[language],
    summary: section.summary[language],
  }))
  const contribute = {
    to: addressOf({ name: 'overview/contribute', language }),
    title: w.homeContribute,
    summary: w.homeContributeText,
  }
  const quickStart = pages.find(one => one.name === 'start/quick-start')
  const cards = [...parts, contribute].map(({ to, title, summary }) => card(to, title, summary))
  const openapi = 'https://wisp.example.com/openapi.json'
  return {
    name: '',
    language,
    kind: 'home',
    title: w.homeTitle,
    summary: w.homeSummary,
    group: '',
    mark: '',
    html: `<h1>${w.homeTitle}</h1><p class="lead">${w.homeSummary}</p>
<ul class="cards">${cards.join('')}</ul>
${picture(w)}
<h2>${w.homeTry}</h2>${codeBlock(coloured(codePieces(firstMessage)), 'sh', w.copy)}
${quickStart ? `<p><a href="${addressOf(quickStart)}">${escapeHtml(quickStart.title)}</a></p>` : ''}
<h2>${w.forTools}</h2><p>${w.forToolsText}</p>
<p>${w.postman} <code>${openapi}</code> <button type="button" class="copy" data-copy="${openapi}">${w.copy}</button></p>`,
    markdown: `# ${w.homeTitle}\n\n${w.homeSummary}\n\n\`\`\`sh\n${firstMessage}\n\`\`\`\n\n${pages.map(one => `- [${one.title}](${addressOf(one)}.md)`).join('\n')}\n`,
    sections: [],
    terms: [],
  }
}

/** Who talks to whom. */
function picture(w: SiteWords): string {
  const upstreams = [w.homeWecom, w.homeOfficial, w.homePay].flatMap((name, at) => [
    box({ x: 520, y: 8 + at * 60, width: 150 }, name),
    arrow(`M430 90 C475 90 475 ${30 + at * 60} 514 ${30 + at * 60}`),
  ])
  return drawing({
    height: 180,
    label: w.homePicture,
    parts: [
      box({ x: 10, y: 68, width: 150 }, w.homeYours),
      box({ x: 280, y: 68, width: 150 }, w.homePlatform, 'is-own'),
      arrow('M160 80 H274'),
      arrow('M280 102 H166'),
      note(220, 70, w.homeCall),
      note(220, 124, w.homeEvent),
      ...upstreams,
    ],
  })
}
