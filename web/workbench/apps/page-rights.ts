/** For `sandbox`: what other sites' pages need to work as in a tab of their own, except replacing the portal around them. */
export const pageRights =
  'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads'
