import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useErrorText } from '../../../../ui/data/error-text.ts'
import { useText } from '../../../../ui/text.ts'
import { CardView } from '../../../../ui/wecom-card/card-view.tsx'
import { drawn, pressedOf } from '../../compose/card/card-form.ts'
import { fieldWords, inLabels } from '../../compose/card/card-words.ts'
import '../../compose/card/card.css'
import type { ComposeForm } from '../../compose/compose-form.ts'
import type { PreviewState } from '../channel-view.ts'

/** The card as it is typed, and what it becomes when it is pressed. */
export function CardDraftView(props: {
  form: ComposeForm
  checked: PreviewState
  isAsked: boolean
}): ReactNode {
  const t = useText('cards')
  const { form, checked } = props
  const pressed = pressedOf(form)
  const name = form.replaceName.trim() || t('submitted')
  const warnings = checked.error ? [] : checked.warnings
  const textOf = useErrorText()
  return (
    <figure className="wisp-preview" aria-label={t('preview')}>
      <figcaption className="wisp-quiet">{t('preview')}</figcaption>
      {props.isAsked && checked.error ? (
        <Alert
          type="warning"
          showIcon
          title={inLabels(t, textOf(checked.error))}
          style={{ marginBottom: 12 }}
        />
      ) : null}
      <div className="card-drawn">
        <CardView card={drawn(form.card, form.agentName.trim())} />
        {pressed === 'same' ? null : (
          <>
            <div className="card-drawn-note">{t('pressedPreview')}</div>
            {pressed === 'card' && form.pressedCard ? (
              <CardView
                card={drawn(form.pressedCard, form.agentName.trim())}
                replacedBy={form.pressedText.trim()}
              />
            ) : (
              <CardView card={drawn(form.card, form.agentName.trim())} replacedBy={name} />
            )}
          </>
        )}
      </div>
      {warnings.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t('warnings')}
          description={warnings.map(({ path, message }) => (
            <div key={path}>
              <strong>{fieldWords(t, path.replace(/^(onPress\.)?card\./, ''))}</strong> {message}
            </div>
          ))}
          style={{ marginTop: 12 }}
        />
      ) : null}
    </figure>
  )
}
