// Turns the static chart with this key into an interactive one once plotly.js is there; leaves it alone otherwise.
((key, figure, kernelSpec) => {
  const find = () => [...document.querySelectorAll(`[data-tensorcell-chart="${key}"]`)];

  // The page's own ground decides, since a notebook's theme need not be the system's.
  const isDark = element => {
    for (let e = element; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor.match(/[\d.]+/g);
      if (c && (c.length < 4 || +c[3] > 0.5)) return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] < 128;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes("dark")
      && matchMedia("(prefers-color-scheme: dark)").matches;
  };

  const theme = element => {
    const [ground, ink, grid, zero] = isDark(element)
      ? ["#161b22", "#e8edf3", "#252d38", "#4b5766"] : ["#ffffff", "#1f2733", "#e9edf2", "#aeb7c3"];
    return {
      paper_bgcolor: ground, plot_bgcolor: ground, "font.color": ink,
      "xaxis.gridcolor": grid, "yaxis.gridcolor": grid, "xaxis.zerolinecolor": zero, "yaxis.zerolinecolor": zero,
    };
  };

  // Given ticks suit the whole range only: within a zoomed one Plotly finds its own.
  const followZoom = (plotly, place, layout, change) => {
    for (const axis of ["xaxis", "yaxis"]) {
      if (!layout[axis].tickvals) continue;
      const mode = change[`${axis}.autorange`] ? "array"
        : Object.keys(change).some(key => key.startsWith(`${axis}.range`)) ? "auto" : "";
      if (mode && place._fullLayout[axis].tickmode !== mode) plotly.relayout(place, { [`${axis}.tickmode`]: mode });
    }
  };

  const draw = plotly => {
    for (const host of find()) {
      if (host.dataset.drawn) continue;
      host.dataset.drawn = "1";
      const picture = host.querySelector("img");
      const place = document.createElement("div");
      const fail = error => {
        place.remove();
        picture.style.display = "";
        console.warn("TensorCell: the chart stays static:", error);
      };
      place.style.cssText = `visibility:hidden;position:absolute;left:0;right:0;top:0;height:${figure.layout.height}px`;
      host.style.position = "relative";
      host.append(place);
      try {
        const own = structuredClone(figure);
        for (const [path, value] of Object.entries(theme(host))) {
          const [part, name] = path.split(".");
          if (name) own.layout[part] = { ...own.layout[part], [name]: value };
          else own.layout[part] = value;
        }
        plotly.newPlot(place, own.data, own.layout, own.config).then(() => {
          place.style.cssText = `height:${figure.layout.height}px`;
          picture.style.display = "none";
          place.on("plotly_relayout", change => followZoom(plotly, place, own.layout, change));
          matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
            if (place.isConnected) plotly.relayout(place, theme(host)).catch(fail);
          });
        }, fail);
      } catch (error) {
        fail(error);
      }
    }
  };

  // A Jupyter server serves the kernel's own folder, which holds plotly.js.
  const load = () => {
    const settings = document.getElementById("jupyter-config-data");
    const base = document.body.dataset.baseUrl || (settings && JSON.parse(settings.textContent).baseUrl);
    if (!base || !kernelSpec) return Promise.reject();
    return window.tensorCellPlotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${base.replace(/\/$/, "")}/kernelspecs/${kernelSpec}/plotly.min.js`;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  };

  // A notebook may run this before it puts the output into the page.
  const start = tries => {
    if (!find().length) {
      if (tries > 0) setTimeout(start, 100, tries - 1);
    } else if (window.Plotly) {
      draw(window.Plotly);
    } else {
      addEventListener("tensorcell-plotly", () => window.Plotly && draw(window.Plotly), { once: true });
      load().then(() => window.Plotly && draw(window.Plotly), () => {});
    }
  };
  start(100);
})
