import type { Core } from '../../platform/core.ts'
import type { Warning } from '../../platform/manifest/feature.ts'
import type { Language } from '../../platform/words.ts'
import type { Corps } from './corps.ts'
import { lastVerdicts } from './doctor/doctor.ts'

/** What /readyz says of the connections of all corps. */
export async function corpWarnings(ctx: Core & { corps: Corps }, language: Language): Promise<Warning[]> {
  const verdicts = await lastVerdicts(ctx, language)
  return ctx.corps.all().flatMap(({ corpId, callbackVerifiedAt }) => {
    const verdict = verdicts.get(corpId)
    const texts: string[] = []
    if (!callbackVerifiedAt) texts.push('WeCom never verified the callback')
    if (verdict && verdict.failed.length > 0) {
      const at = new Date(verdict.at).toISOString()
      texts.push(`the doctor of ${at} found failing: ${verdict.failed.join(', ')}`)
    }
    return texts.map(text => ({ corpId, text }))
  })
}
