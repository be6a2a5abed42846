import '../docs.css'
import { copyByButtons } from './copy.ts'
import { showOwnAddress } from './hosts.ts'
import { showMenu, showPlace } from './menu.ts'
import { followMovedSection } from './moved-sections.ts'
import { followLinks } from './navigate.ts'
import { openByKeys } from './search/search.ts'
import { chooseTheme } from './theme.ts'
import { listenForToken } from './trial/identity.ts'
import { startTrial } from './trial/trial.ts'

// Listeners are on the document, because following a link replaces what is in it.
copyByButtons()
chooseTheme()
showMenu()
openByKeys()
listenForToken()
followMovedSection()
followLinks(startPage)
startPage()

function startPage(): void {
  showOwnAddress()
  showPlace()
  startTrial()
}
