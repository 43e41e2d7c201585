// There is one login for our pages and Tasklist: its own login form is closed on the server, so go to ours.
const leaveForOurLogin = () => {
  if (window.location.hash.startsWith('#/login')) {
    window.location.replace('/login');
  }
};
window.addEventListener('hashchange', leaveForOurLogin);
leaveForOurLogin();
document.title = 'Tasks · Countersign';
