// Runs before the first paint, so that a chosen theme never flashes. Storage can be refused: then the system decides.
try {
  var theme = localStorage.getItem('drillpress.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (refused) {}
