// Settings of Tasklist: its name, and where people go when they are logged out.
export default {
  app: { name: 'Tasks', vendor: 'Countersign' },
  dateFormat: { normal: 'YYYY-MM-DD HH:mm', long: 'dddd, YYYY-MM-DD HH:mm', short: 'YYYY-MM-DD' },
  locales: { availableLocales: ['en', 'de'], fallbackLocale: 'en' },
  disableWelcomeMessage: true,
  customScripts: ['scripts/countersign'],
  shortcuts: {
    claimTask: { key: 'ctrl+alt+c', description: 'claims the currently selected task' },
    focusFilter: { key: 'ctrl+shift+f', description: 'set the focus to the first filter in the list' },
    focusList: { key: 'ctrl+alt+l', description: 'sets the focus to the first task in the list' },
    focusForm: { key: 'ctrl+alt+f', description: 'sets the focus to the first input field in a task form' },
    startProcess: { key: 'ctrl+alt+p', description: 'opens the start process modal dialog' }
  }
};
