import type { ReactNode } from 'react'
import type { SmsPreview as Preview } from '../../../../../server/features/channels/sms/preview.ts'
import { useText } from '../../../../ui/text.ts'

export function SmsPreview(props: { preview: Preview }): ReactNode {
  const t = useText('messages')
  const { text, params, characters, segments, segmentsAbroad: abroad } = props.preview
  return (
    <>
      <div className="wisp-phone">
        <div className="wisp-bubble wisp-sms">
          {text ? (
            <div className="wisp-words">{text}</div>
          ) : (
            <>
              {t('smsNoText')}
              {params.map(({ name, value }) => (
                <div key={name}>
                  {name} = {value || '—'}
                </div>
              ))}
            </>
          )}
        </div>
      </div>
      {text ? (
        <div className="wisp-counters">
          <div>{t('smsCount', { n: characters, segments, abroad })}</div>
          <div className="wisp-quiet">{t('smsRule')}</div>
        </div>
      ) : null}
    </>
  )
}
