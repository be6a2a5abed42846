import { type ReactNode, useState } from 'react'
import { useText } from '../ui/text.ts'
import { Me, wantedPart } from '../workbench/me.tsx'
import { MePartPage } from '../workbench/me-part.tsx'
import { Sheet } from '../workbench/sheet.tsx'

export function MePage(): ReactNode {
  const t = useText('portal')
  const [part, setPart] = useState(wantedPart)
  return (
    <>
      <Me onOpen={setPart} />
      {part ? (
        <Sheet place="bottom" title={t(part)} onClose={() => setPart(undefined)}>
          <div className="wb-scroll">
            <MePartPage part={part} />
          </div>
        </Sheet>
      ) : null}
    </>
  )
}
