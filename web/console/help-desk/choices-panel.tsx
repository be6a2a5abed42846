import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'

type Choices = Answer<'/web/help-desk/person'>['messageChoices']

/** What the member gets and by which ways; they change it themselves. */
export function ChoicesPanel({ choices }: { choices: Choices }): ReactNode {
  const t = useText('help-desk')
  const { isAllOff, hasQuietHours, types } = choices
  const notes = [isAllOff ? t('choicesAllOff') : '', hasQuietHours ? t('choicesQuiet') : ''].filter(Boolean)
  return (
    <Panel title={t('choicesTitle')}>
      {types.length === 0 && notes.length === 0 ? (
        <p className="wisp-quiet help-desk-note">{t('choicesEmpty')}</p>
      ) : null}
      {notes.length > 0 ? <p className="help-desk-note">{notes.join(t('listJoint'))}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <ul className="help-desk-rows help-desk-scroll" tabIndex={0} aria-label={t('choicesTitle')}>
        {types.map(one => (
          <li key={one.key} className="help-desk-line">
            <span className="help-desk-grow">
              <bdi>{one.name}</bdi>
              <span className="wisp-quiet help-desk-below">
                {[one.sender, one.ways.join(t('listJoint'))].filter(Boolean).join(' · ')}
              </span>
            </span>
            <State kind={one.isOn ? 'good' : 'idle'}>{t(one.isOn ? 'choiceOn' : 'choiceOff')}</State>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
