from pathlib import Path

import streamlit as st

from rain import totals

st.title("Rain")
st.bar_chart(totals(Path("data/rain.csv")))
st.caption("[Legend](app/static/legend.txt)")
